import Foundation

/// What another implementation is asked to do beside ours.
struct PeerTask: Encodable {
    /// `parse`, `validate`, `execute` or `friends`.
    var task: String
    var document: String
    var schema: String?
    var samples = 0
    var sampleMilliseconds = 0

    init(_ task: String, document: String, schema: String? = nil) {
        self.task = task
        self.document = document
        self.schema = schema
    }
}

/// Another implementation: a process that is told a task a line and answers with what it took. None is part of this package;
/// they run where they are installed, and only when they are asked for.
final class Peer {
    private struct Greeting: Decodable { var name: String }
    private struct Reply: Decodable { var samples: [Double] }

    let name: String
    private let process: Process
    private let tasks: FileHandle
    private let replies: FileHandle

    /// Nil, and a word about it, where it cannot be started.
    private init?(_ command: [String], named label: String) {
        process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = command
        let (input, output) = (Pipe(), Pipe())
        process.standardInput = input
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        (tasks, replies) = (input.fileHandleForWriting, output.fileHandleForReading)
        do {
            try process.run()
            name = try JSONDecoder().decode(Greeting.self, from: Self.line(replies)).name
        } catch {
            FileHandle.standardError.write(Data("bench: \(label) is not installed and is left out\n".utf8))
            return nil
        }
    }

    deinit {
        try? tasks.close()
        process.waitUntilExit()
    }

    /// All that are installed.
    static func installed(root: String) -> [Peer] {
        let own = root + "/.build/peers/bin/python"
        let python =
            ProcessInfo.processInfo.environment["HEARTH_PEER_PYTHON"]
            ?? (FileManager.default.isExecutableFile(atPath: own) ? own : "python3")
        return [Peer([python, root + "/Sources/Bench/Peers/graphql_core.py"], named: "graphql-core")].compactMap(\.self)
    }

    /// Nil where it cannot do the task.
    func measure(_ task: PeerTask, _ effort: Effort) -> Measurement? {
        var task = task
        (task.samples, task.sampleMilliseconds) = (effort.samples, effort.sampleMilliseconds)
        do {
            var line = try JSONEncoder().encode(task)
            line.append(0x0A)
            try tasks.write(contentsOf: line)
            let reply = try JSONDecoder().decode(Reply.self, from: Self.line(replies))
            return Measurement(name: "\(name): \(task.task)", samples: reply.samples, isPeer: true)
        } catch {
            FileHandle.standardError.write(Data("bench: \(name) did not \(task.task): \(error)\n".utf8))
            return nil
        }
    }

    private static func line(_ file: FileHandle) throws -> Data {
        var line = Data()
        while let byte = try file.read(upToCount: 1), !byte.isEmpty, byte[byte.startIndex] != 0x0A { line += byte }
        return line
    }
}
