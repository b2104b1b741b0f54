/// Bodies that belong side by side: the first is what the others are compared with.
struct Group {
    /// The word that asks for it.
    var name: String
    var title: String
    /// What the first row is, and why the others are held against it.
    var comparison: String
    var bodies: [Body]
    /// What other implementations are asked to do beside them, and which.
    var peerTasks: [PeerTask] = []
    var peerKind = PeerKind.language
    /// Removes what the bodies worked on.
    var end: () -> Void = {}

    struct Result {
        var group: Group
        var rows: [Measurement]
    }

    func measured(_ command: Command, beside peers: Peers) throws -> Result {
        defer { end() }
        var rows = try Measurement.of(bodies, command.effort)
        for peer in peerTasks.isEmpty ? [] : peers[peerKind] {
            rows += try peerTasks.compactMap { try peer.measure($0, command.effort) }
        }
        return Result(group: self, rows: rows)
    }
}
