import Foundation
import Glibc

/// How far a long work is, on the standard error: one line that changes on a terminal, a line every few seconds elsewhere.
struct ProgressLine {
    private let isTerminal = isatty(STDERR_FILENO) == 1
    private let start = ContinuousClock.now
    private var shown = ContinuousClock.now
    private var hasShown = false

    /// - Parameters:
    ///   - done: The share that is done, from 0 to 1.
    ///   - text: What is done so far.
    mutating func show(_ done: Double, _ text: String) {
        let now = ContinuousClock.now
        guard now - shown > (isTerminal ? .milliseconds(200) : .seconds(5)) else { return }
        shown = now
        let percent = Int((min(1, max(0, done)) * 100).rounded(.down))
        guard isTerminal else { return Terminal.tell("\(percent) %  \(text)") }
        hasShown = true
        let filled = percent / 4
        let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: 25 - filled)
        Terminal.write(Array("\r\u{1B}[K\(bar) \(percent) %  \(text)".utf8))
    }

    /// Clears the line; the result follows.
    mutating func finish() {
        if hasShown { Terminal.write(Array("\r\u{1B}[K".utf8)) }
        hasShown = false
    }

    /// Since the line was made.
    var seconds: Double { (ContinuousClock.now - start) / .seconds(1) }
}
