import ArgumentParser
import Bytes
import Foundation
import Store

/// `hearth repair FOLDER --accept-loss-after VERSION`
struct RepairCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "repair", abstract: "Makes a damaged data folder one that opens again, and says exactly what is lost.",
        discussion: """
            Without --accept-loss-after it only looks, and tells what is wrong, which version can be kept and what would go. \
            What goes is moved to quarantine/ in the data folder, never deleted. A backup that is newer is the better cure.
            Ends with 0 when the folder was repaired or nothing is wrong, with 65 when something is and was left as it is, and \
            with 64 when a loss is accepted and nothing is wrong.
            """)

    @Option(
        name: .customLong("accept-loss-after"),
        help: ArgumentHelp("The last version that must be kept; what came after it may be lost.", valueName: "version"))
    var accepted: UInt64?

    @Argument(help: "The data folder. No server may have it open.")
    var folder: String

    func run() throws {
        do {
            let found = try Repair.examine(
                folder, on: POSIXFileSystem(), storage: ArrowVersions(),
                process: "\(ProcessInfo.processInfo.processIdentifier)")
            guard let repair = found else {
                guard accepted == nil else {
                    throw Failure(code: .usage, message: "nothing is wrong with \(folder); nothing was changed")
                }
                Terminal.show("nothing is wrong with \(folder)")
                return
            }
            Terminal.show(Self.text(repair, in: folder))
            guard let accepted else {
                throw Failure(
                    code: .data,
                    message: "nothing was changed; to accept this: hearth repair \(folder) --accept-loss-after \(repair.version)")
            }
            try repair.perform(acceptingLossAfter: accepted)
            Terminal.show("repaired: \(folder) is at version \(repair.version)")
        } catch let error as StoreError {
            throw Failure(error)
        }
    }

    private static func text(_ repair: Repair, in folder: String) -> String {
        var lines = ["wrong:"] + repair.problems.map { "  \($0)" }
        lines.append("kept: version \(repair.version), published \(repair.publishedAt), with everything it holds")
        lines.append("lost:")
        if let lost = repair.lostVersions {
            let versions = lost.count == 1 ? "version \(lost.lowerBound)" : "versions \(lost.lowerBound) to \(lost.upperBound)"
            let acknowledged = repair.acknowledged.map { mark in
                mark >= lost.lowerBound ? ", acknowledged up to \(mark)" : ", none of them acknowledged"
            }
            lines.append("  \(versions)\(acknowledged ?? ", of which nobody knows whether they were acknowledged")")
        }
        if repair.strayRecordCount > 0 {
            lines.append("  among them \(repair.strayRecordCount) whole records that follow nothing any more")
        }
        for version in repair.lostSnapshots { lines.append("  the damaged snapshot of version \(version)") }
        if repair.losesHistory {
            lines.append("  earlier versions that are not snapshots: they can no longer be asked for")
        }
        if repair.forgetsChanges {
            lines.append("  which named changes were applied before the journal begins: one of them sent again is applied again")
        }
        if lines.last == "lost:" { lines[lines.count - 1] = "lost: nothing" }
        if !repair.moved.isEmpty {
            lines.append("to \(folder)/\(repair.quarantine):")
            lines += repair.moved.map { "  \($0)" }
        }
        return lines.joined(separator: "\n")
    }
}
