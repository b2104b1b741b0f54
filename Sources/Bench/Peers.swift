import Foundation

/// What other implementations are implementations of.
enum PeerKind {
    case language, database
}

/// The other implementations of each kind: started when the first group asks for them, and only where they are wanted.
final class Peers {
    private let command: Command
    private let root: String
    private var started: [PeerKind: [Peer]] = [:]

    init(_ command: Command, root: String) {
        self.command = command
        self.root = root
    }

    subscript(kind: PeerKind) -> [Peer] {
        guard command.wantsPeers else { return [] }
        if let known = started[kind] { return known }
        let peers = start(kind)
        started[kind] = peers
        return peers
    }

    private func start(_ kind: PeerKind) -> [Peer] {
        switch kind {
        case .language: return Peer.languages(root: root)
        case .database:
            let rows = root + "/Sources/Bench/Reference/rows"
            // The few rows are soon read, and another time they may be others.
            let work =
                command.workFolder ?? (command.csvFolder == nil ? Self.passingFolder + "/work" : root + "/.build/peers/work")
            return Peer.databases(
                root: root, csv: command.csvFolder ?? rows, work: work,
                parameters: command.parameters ?? rows + "/parameters.json")
        }
    }

    deinit {
        // Those that keep something here end before it is removed.
        started = [:]
        try? FileManager.default.removeItem(atPath: Self.passingFolder)
    }

    /// For what is of no use after this run.
    fileprivate static var passingFolder: String {
        FileManager.default.temporaryDirectory.path(percentEncoded: false)
            + "/hearth-bench-\(ProcessInfo.processInfo.processIdentifier)"
    }
}

extension Command {
    /// Where the answers are written that other systems' are held against; nil where none are wanted.
    var comparedAnswers: String? { answers ?? (wantsPeers ? Peers.passingFolder + "/answers" : nil) }
}
