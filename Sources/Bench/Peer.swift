import Foundation

/// What another implementation is asked to do beside ours.
struct PeerTask: Encodable {
    /// `parse`, `validate`, `execute` or `friends`; of databases the name of a reference question.
    var task: String
    var document: String?
    var schema: String?
    /// The folder of our answers, which a database's are held against.
    var answers: String?
    var samples = 0
    var sampleMilliseconds = 0

    init(_ task: String, document: String, schema: String? = nil) {
        self.task = task
        self.document = document
        self.schema = schema
    }

    init(question: String, answers: String) {
        task = question
        self.answers = answers
    }
}

/// Another implementation: a process that is told a task a line and answers with what it took. None is part of this package;
/// they run where they are installed, and only when they are asked for.
final class Peer {
    private struct Greeting: Decodable { var name: String }
    /// Times, or why there are none.
    private struct Reply: Decodable {
        var samples: [Double]?
        var error: String?
        /// How its answer is another than ours.
        var difference: String?
    }

    let name: String
    private let process: Process
    private let tasks: FileHandle
    private let replies: FileHandle

    /// Nil, and a word about it, where it cannot be started.
    private init?(_ command: [String], named label: String, tells: Bool = false) {
        process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = command
        let (input, output) = (Pipe(), Pipe())
        process.standardInput = input
        process.standardOutput = output
        // A database tells what it reads, which may take minutes.
        if !tells { process.standardError = FileHandle.nullDevice }
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

    /// Implementations of the language that are installed.
    static func languages(root: String) -> [Peer] {
        [Peer([python(root), root + "/Sources/Bench/Peers/graphql_core.py"], named: "graphql-core")].compactMap(\.self)
    }

    /// Databases that are installed, with the register of some CSV files in each. The first time that takes minutes for a large one.
    ///
    /// - Parameters:
    ///   - csv: The folder of the files.
    ///   - work: The folder where each keeps its data.
    ///   - parameters: A file of lists of variables by question.
    static func databases(root: String, csv: String, work: String, parameters: String) -> [Peer] {
        ["sqlite", "duckdb", "postgresql"].compactMap { engine in
            Peer(
                [
                    python(root), "-B", root + "/Sources/Bench/Reference/peers", "beside", "--engine", engine, "--csv", csv,
                    "--work",
                    work,
                    "--parameters", parameters,
                ], named: engine, tells: true)
        }
    }

    private static func python(_ root: String) -> String {
        let own = root + "/.build/peers/bin/python"
        return ProcessInfo.processInfo.environment["HEARTH_PEER_PYTHON"]
            ?? (FileManager.default.isExecutableFile(atPath: own) ? own : "python3")
    }

    /// Nil, and a word about it, where it cannot do the task.
    /// - Throws: Where it did, and its answer is not ours: one of them is wrong, and no time of either is worth anything.
    func measure(_ task: PeerTask, _ effort: Effort) throws -> Measurement? {
        var task = task
        (task.samples, task.sampleMilliseconds) = (effort.samples, effort.sampleMilliseconds)
        let reply: Reply
        do {
            var line = try JSONEncoder().encode(task)
            line.append(0x0A)
            try tasks.write(contentsOf: line)
            reply = try JSONDecoder().decode(Reply.self, from: Self.line(replies))
        } catch {
            return left(out: task, "\(error)")
        }
        if let difference = reply.difference { throw Sample.Unusable(description: "\(name), \(task.task): \(difference)") }
        guard let samples = reply.samples else { return left(out: task, reply.error ?? "no times") }
        return Measurement(name: "\(name): \(task.task)", samples: samples, isPeer: true)
    }

    private func left(out task: PeerTask, _ reason: String) -> Measurement? {
        FileHandle.standardError.write(Data("bench: \(name) did not \(task.task): \(reason)\n".utf8))
        return nil
    }

    private static func line(_ file: FileHandle) throws -> Data {
        var line = Data()
        while let byte = try file.read(upToCount: 1), !byte.isEmpty, byte[byte.startIndex] != 0x0A { line += byte }
        return line
    }
}
