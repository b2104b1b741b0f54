import Bytes
import Exchange
import Foundation
import Query

/// The files a server reads at start, each folder whole and in the order of names.
package struct RegisterFiles: Sendable {
    /// Why a file or folder cannot be used.
    package enum Problem: Error, Sendable, CustomStringConvertible {
        case absent(String)
        case unreadable(String, reason: String)

        package var description: String {
            switch self {
            case .absent(let path): "\(path) is not there."
            case .unreadable(let path, let reason): "\(path) cannot be read: \(reason)"
            }
        }
    }

    /// A file in a folder.
    package struct File: Sendable {
        package var name: String
        package var bytes: [UInt8]
    }

    /// The files of a folder that have one of these extensions or names; none in folders below it.
    package static func files(
        in folder: String, extensions: Set<String>, named others: Set<String> = []
    ) throws(Problem) -> [File] {
        var files: [File] = []
        for name in try names(in: folder, extensions: extensions, named: others) {
            files.append(File(name: name, bytes: try bytes(of: (folder as NSString).appendingPathComponent(name))))
        }
        return files
    }

    /// The saved questions of a folder and of the folders right below it, one for each role.
    package static func questions(in folder: String) throws(Problem) -> [SavedQuestions.File] {
        var questions: [SavedQuestions.File] = []
        for role in [nil] + (try folders(in: folder)) {
            let path = role.map { (folder as NSString).appendingPathComponent($0) } ?? folder
            for file in try files(in: path, extensions: ["graphql"]) {
                let name = (file.name as NSString).deletingPathExtension
                questions.append(SavedQuestions.File(name: name, role: role, bytes: file.bytes))
            }
        }
        return questions
    }

    /// The files of a folder, mapped into memory instead of read: for files that are large, and do not change meanwhile.
    package static func mappedFiles(
        in folder: String, extensions: Set<String>, named others: Set<String> = []
    ) throws(Problem) -> [MappedFile] {
        let system = POSIXFileSystem()
        var files: [MappedFile] = []
        for name in try names(in: folder, extensions: extensions, named: others) {
            let path = (folder as NSString).appendingPathComponent(name)
            do throws(FileError) {
                files.append(try system.map(path))
            } catch {
                throw error.reason == .absent ? .absent(path) : .unreadable(path, reason: error.text)
            }
        }
        return files
    }

    /// The files that rows are read from, with the list of their digests where there is one: of a folder, or one file.
    package static func rows(at path: String) throws(Problem) -> [MappedFile] {
        let extensions: Set = ["csv", "xlsx"]
        guard extensions.contains((path as NSString).pathExtension), !isFolder(path) else {
            return try mappedFiles(in: path, extensions: extensions, named: [ChecksumList.fileName])
        }
        do throws(FileError) {
            return [try POSIXFileSystem().map(path)]
        } catch {
            throw error.reason == .absent ? .absent(path) : .unreadable(path, reason: error.text)
        }
    }

    private static func isFolder(_ path: String) -> Bool {
        (try? FileManager.default.attributesOfItem(atPath: path))?[.type] as? FileAttributeType == .typeDirectory
    }

    /// What a file is called in its folder.
    package static func name(of path: String) -> String { (path as NSString).lastPathComponent }

    /// The folders right below a folder that hold a file of this name.
    package static func folders(in folder: String, holding file: String) throws(Problem) -> [String] {
        try folders(in: folder).filter { name in
            let path = ((folder as NSString).appendingPathComponent(name) as NSString).appendingPathComponent(file)
            return FileManager.default.fileExists(atPath: path)
        }
    }

    private static func folders(in folder: String) throws(Problem) -> [String] {
        try entries(of: folder).filter { isFolder((folder as NSString).appendingPathComponent($0)) }
    }

    private static func names(
        in folder: String, extensions: Set<String>, named others: Set<String>
    ) throws(Problem) -> [String] {
        try entries(of: folder).filter { extensions.contains(($0 as NSString).pathExtension) || others.contains($0) }
    }

    private static func entries(of folder: String) throws(Problem) -> [String] {
        do {
            return try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
        } catch {
            throw FileManager.default.fileExists(atPath: folder)
                ? .unreadable(folder, reason: error.localizedDescription) : .absent(folder)
        }
    }

    package static func bytes(of path: String) throws(Problem) -> [UInt8] {
        guard FileManager.default.fileExists(atPath: path) else { throw .absent(path) }
        do {
            return try [UInt8](Data(contentsOf: URL(fileURLWithPath: path), options: .mappedIfSafe))
        } catch {
            throw .unreadable(path, reason: error.localizedDescription)
        }
    }
}
