import Foundation
import HTTPService

/// Every group by its name, made when it is asked for.
final class Catalogue {
    static let http = "http"
    static let polls = "polls"
    static let names = [
        "parse", "validate", "typename", "rows", "objects", "saved", "questions", "loops", "scan", "seeing", "import", "snapshot",
        "changes", http, polls,
    ]

    let root = ProcessInfo.processInfo.environment["HEARTH_ROOT"] ?? FileManager.default.currentDirectoryPath
    private var loaded: Sample?
    private let command: Command

    init(_ command: Command) { self.command = command }

    func sample() throws -> Sample {
        if let loaded { return loaded }
        let sample = try Sample.load(root: root)
        loaded = sample
        return sample
    }

    func reference() throws -> Reference {
        let reference = try Reference.load(root: root, folder: command.referenceFolder, parameters: command.parameters)
        if !command.questions.isEmpty { reference.questions.removeAll { !command.questions.contains($0.name) } }
        if let answers = command.comparedAnswers { try reference.writeAnswers(to: answers) }
        return reference
    }

    func groups(_ name: String) throws -> [Group] {
        let documents = Documents(root: root)
        switch name {
        case "parse": return try Parsing(documents).groups()
        case "validate": return try Validating(documents, sample().register.model).groups()
        case "typename": return [try Typename(sample()).group()]
        case "rows": return [try FriendRows(documents).group()]
        case "objects": return [try FriendObjects(documents).group()]
        case "saved": return try sample().questions.map { try Questions(sample(), $0).group() }
        case "questions": return try reference().groups(answers: command.wantsPeers ? command.comparedAnswers : nil)
        case "loops": return try PlainLoops(reference(), root: root).groups()
        case "scan": return [ColumnScan().group()]
        case "seeing": return [try Seeing().group()]
        case "import": return [try Importing(sample(), folder: command.importFolder).group()]
        case "changes": return [try Changes(sample()).group()]
        case "snapshot": return [try Snapshots(sample(), snapshot: command.snapshotFolder).group()]
        default: throw Sample.Unusable(description: "'\(name)' has no bodies to call one by one.")
        }
    }

    /// Calls one row's body and measures nothing. Rows are counted over all groups of the name.
    func repeatRow(of command: Command, calls: Int) throws {
        let groups = try groups(command.groups[0])
        defer { for group in groups { group.end() } }
        let bodies = groups.flatMap(\.bodies)
        guard bodies.indices.contains(command.row - 1) else {
            throw Sample.Unusable(description: "'\(command.groups[0])' has \(bodies.count) rows.")
        }
        var kept = 0
        for _ in 0..<calls { kept &+= try bodies[command.row - 1].run() }
        precondition(calls == 0 || kept != 0, "the body did something")
    }
}
