import Bytes
import Foundation

/// Measures the road of a request, step by step, and prints what came out.
///
/// Machines are noisy: quote the ratios between rows of one run, and the counts, not the times.
@main
enum Bench {
    static func main() async throws {
        let command: Command
        do {
            command = try Command(Array(CommandLine.arguments.dropFirst()), groups: Catalogue.names)
        } catch {
            FileHandle.standardError.write(Data("bench: \(error)\n\n\(Command.help(groups: Catalogue.names))\n".utf8))
            exit(64)
        }
        guard !command.asksForHelp else { return print(Command.help(groups: Catalogue.names)) }
        // As the server does.
        ProcessHeap.keepFreedMemory()
        do {
            try await measure(command)
        } catch {
            FileHandle.standardError.write(Data("bench: \(error)\n".utf8))
            exit(70)
        }
    }

    private static func measure(_ command: Command) async throws {
        let catalogue = Catalogue(command)
        if command.explains { return try catalogue.reference().explain() }
        if let calls = command.calls { return try catalogue.repeatRow(of: command, calls: calls) }
        let peers = Peers(command, root: catalogue.root)
        var report = Report(command)
        report.begin()
        for name in command.groups {
            if name == Catalogue.http || name == Catalogue.polls {
                let request = WholeRequest(sample: try catalogue.sample(), kind: name == Catalogue.http ? .answer : .poll)
                for result in try await request.measured(command.effort) { report.add(result) }
            } else {
                for group in try catalogue.groups(name) { report.add(try group.measured(command, beside: peers)) }
            }
        }
        report.end()
    }
}
