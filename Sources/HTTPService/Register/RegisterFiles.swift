import Bytes
import Foundation

/// The files a server reads at start, each folder whole and in the order of names.
package struct RegisterFiles: Sendable {
    /// Why a file or folder cannot be used.
    package enum Problem: Error, Sendable, CustomStringConvertible {
        case absent(String)
        case unreadable(String, reason: String)
        /// The bytes are not those that the folder's list of checksums names.
        case damaged(String, expected: String, found: String)

        package var description: String {
            switch self {
            case .absent(let path): "\(path) is not there."
            case .unreadable(let path, let reason): "\(path) cannot be read: \(reason)"
            case .damaged(let path, let expected, let found):
                "\(path) is damaged: its SHA-256 is \(found), SHA256SUMS beside it says \(expected)."
            }
        }
    }

    /// A file in a folder.
    package struct File: Sendable {
        package var name: String
        package var bytes: [UInt8]
    }

    /// The files of a folder that have one of these extensions; none in folders below it.
    package static func files(in folder: String, extensions: Set<String>) throws(Problem) -> [File] {
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: folder)
        } catch {
            throw FileManager.default.fileExists(atPath: folder)
                ? .unreadable(folder, reason: error.localizedDescription) : .absent(folder)
        }
        var files: [File] = []
        for name in names.sorted() where extensions.contains((name as NSString).pathExtension) {
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

    /// Compares files with the `SHA256SUMS` of their folder, if it has one. A file it does not name is as damaged as one it
    /// names otherwise.
    package static func checkSums(of files: [File], in folder: String) throws(Problem) {
        let path = (folder as NSString).appendingPathComponent("SHA256SUMS")
        guard FileManager.default.fileExists(atPath: path) else { return }
        var sums: [String: String] = [:]
        for line in String(decoding: try bytes(of: path), as: UTF8.self).split(whereSeparator: \.isNewline) {
            let parts = line.split(separator: " ", maxSplits: 1)
            guard parts.count == 2 else { continue }
            sums[String(parts[1].drop { $0 == " " || $0 == "*" })] = parts[0].lowercased()
        }
        for file in files {
            let found = SHA256Digest(of: file.bytes.span).hexadecimal
            let expected = sums.removeValue(forKey: file.name) ?? "nothing"
            guard found == expected else {
                throw .damaged((folder as NSString).appendingPathComponent(file.name), expected: expected, found: found)
            }
        }
        let missing = sums.keys.filter { $0.hasSuffix(".csv") }.sorted()
        if let name = missing.first { throw .absent((folder as NSString).appendingPathComponent(name)) }
    }
}
