/// Names of files in a bag, as its manifests write them (RFC 8493 §2.1.3): relative, parted by `/`, with `%` and line ends encoded.
package enum BagPath {
    /// A longer name is no name of ours, and none that a file system takes.
    package static let byteLimit = 1024

    /// What keeps a name from being that of a file in the bag; nil where nothing does.
    package static func fault(of path: String) -> String? {
        guard !path.isEmpty else { return "it is empty" }
        guard path.utf8.count <= byteLimit else { return "it has more than \(byteLimit) bytes" }
        guard !path.utf8.contains(0) else { return "it holds a NUL" }
        guard !path.hasPrefix("/") else { return "it begins at the root of the file system" }
        guard !path.hasPrefix("~") else { return "it begins at somebody's home folder" }
        guard !path.utf8.contains(UInt8(ascii: "\\")) else { return "it holds a '\\', which some systems take for '/'" }
        for part in path.split(separator: "/", omittingEmptySubsequences: false) {
            if part.isEmpty { return "it has a part without a name" }
            if part == "." || part == ".." { return "it leaves its folder by '\(part)'" }
        }
        return nil
    }

    package static func encoded(_ path: String) -> String {
        var text = ""
        for scalar in path.unicodeScalars {
            switch scalar {
            case "%": text += "%25"
            case "\n": text += "%0A"
            case "\r": text += "%0D"
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text
    }

    /// Only these three are ever encoded; any other `%` stands for itself.
    package static func decoded(_ text: String) -> String {
        var bytes: [UInt8] = []
        let given = Array(text.utf8)
        var index = 0
        while index < given.count {
            if given[index] == UInt8(ascii: "%"), index + 2 < given.count,
                let byte = escapes[String(decoding: given[index + 1...index + 2], as: UTF8.self).uppercased()]
            {
                bytes.append(byte)
                index += 3
            } else {
                bytes.append(given[index])
                index += 1
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static let escapes: [String: UInt8] = ["25": 0x25, "0A": 0x0A, "0D": 0x0D]
}
