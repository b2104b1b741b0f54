import Dispatch
import HTTPTypes
import JSONText
import Synchronization

/// What the server says of itself: one JSON object a line, for a program to read.
///
/// No document, no variable, no path and no field of a client is written, so no personal data can be; names of routes are ours.
/// Strings are escaped as JSON, so that no control character reaches a terminal. Lines are written by a thread of their own; when
/// it falls behind, lines are dropped and counted, and nobody waits.
package final class EventLog: Sendable {
    /// Which answers are told of.
    package enum Level: String, Sendable, CaseIterable {
        /// Starting and stopping only.
        case quiet
        /// And refusals, failures, and answers that took longer than a second.
        case problems
        /// And every answer.
        case requests
    }

    /// One member of a line.
    package enum Value: Sendable {
        case text(String)
        case int(Int)
        case milliseconds(Double)
    }

    private struct Backlog {
        var lines = 0
        var dropped = 0
    }

    package let level: Level
    private let now: @Sendable () -> String
    private let write: @Sendable ([UInt8]) -> Void
    private let queue = DispatchQueue(label: "hearth.log")
    private let backlog = Mutex(Backlog())
    /// Lines that may wait to be written.
    private let backlogLimit = 1024

    /// - Parameter now: The time of an event, as ISO 8601 text.
    /// - Parameter write: Writes one line, its line feed included. It may block.
    package init(level: Level, now: @escaping @Sendable () -> String, write: @escaping @Sendable ([UInt8]) -> Void) {
        self.level = level
        self.now = now
        self.write = write
    }

    /// Tells of an event, whatever the level.
    package func tell(_ event: String, _ members: [(String, Value)] = []) {
        let dropped: Int? = backlog.withLock { backlog in
            guard backlog.lines < backlogLimit else {
                backlog.dropped += 1
                return nil
            }
            backlog.lines += 1
            defer { backlog.dropped = 0 }
            return backlog.dropped
        }
        guard let dropped else { return }
        let line = line(event, members, dropped: dropped)
        queue.async {
            self.write(line)
            self.backlog.withLock { $0.lines -= 1 }
        }
    }

    /// Tells of an answer if the level asks for it.
    func tellAnswer(route: String, method: String, status: Int, milliseconds: Double, byteCount: Int) {
        switch level {
        case .quiet: return
        case .problems: guard status >= 500 || milliseconds >= 1000 else { return }
        case .requests: break
        }
        tell(
            "answer",
            [
                ("route", .text(route)), ("method", .text(method)), ("status", .int(status)),
                ("milliseconds", .milliseconds(milliseconds)), ("bytes", .int(byteCount)),
            ])
    }

    /// Tells of a question that ran long, by a digest of its document: that of the audit where there is one.
    func tellSlow(_ answer: Asking.Answered, at route: Route, document: String) {
        guard level != .quiet else { return }
        var members: [(String, Value)] = [("route", .text(route.name)), ("document", .text(document))]
        if case .question(let name) = route { members.append(("question", .text(name))) }
        members += [
            ("milliseconds", .milliseconds(answer.ranMilliseconds)), ("visited", .int(answer.rowsVisited)),
            ("rows", .int(answer.rowCount)), ("version", .text(String(answer.version))),
        ]
        tell("slow", members)
    }

    /// Tells of a refusal if the level asks for it.
    func tellRefusal(_ refusal: Refusal, route: String) {
        guard level != .quiet else { return }
        tell("refusal", [("route", .text(route)), ("status", .int(refusal.status.code)), ("reason", .text(refusal.name))])
    }

    /// Waits until what was told is written.
    package func finish() { queue.sync {} }

    private func line(_ event: String, _ members: [(String, Value)], dropped: Int) -> [UInt8] {
        var writer = JSONWriter(capacity: 256)
        writer.beginObject()
        writer.name("at")
        writer.string(now())
        writer.name("event")
        writer.string(event)
        for (name, value) in members {
            writer.name(name)
            switch value {
            case .text(let text): writer.string(String(text.prefix(1000)))
            case .int(let number): writer.int(number)
            case .milliseconds(let number): writer.float((number * 1000).rounded() / 1000)
            }
        }
        if dropped > 0 {
            writer.name("linesDroppedBefore")
            writer.int(dropped)
        }
        writer.endObject()
        writer.byte(0x0A)
        return writer.finish()
    }
}

extension Refusal {
    /// The case's name, which is all the log says of it.
    var name: String {
        let text = String(describing: self)
        return String(text.prefix { $0 != "(" })
    }
}
