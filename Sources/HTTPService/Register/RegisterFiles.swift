import Foundation

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
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: folder)
        } catch {
            throw FileManager.default.fileExists(atPath: folder)
                ? .unreadable(folder, reason: error.localizedDescription) : .absent(folder)
        }
        var files: [File] = []
        for name in names.sorted() where extensions.contains((name as NSString).pathExtension) || others.contains(name) {
            files.append(File(name: name, bytes: try bytes(of: (folder as NSString).appendingPathComponent(name))))
        }
        return files
    }

    package static func bytes(of path: String) throws(Problem) -> [UInt8] {
        guard FileManager.default.fileExists(atPath: path) else { throw .absent(path) }
        do {
            return Array(try Data(contentsOf: URL(fileURLWithPath: path)))
        } catch {
            throw .unreadable(path, reason: error.localizedDescription)
        }
    }
}
