import Expressions
import Synchronization

/// What the last answer to a question said of its data, for the next one that says the same. Of one version and date; for any number of
/// threads.
final class KeptStamp: Sendable {
    private struct Said: Sendable {
        /// None is ever taken away from them: as many are the same ones.
        var noted: ParameterNotes
        var count: Int
        var change: AnswerIdentity?
        var bytes: [UInt8]
    }

    private let last = Mutex<Said?>(nil)

    /// - Parameters:
    ///   - noted: The parameters that were read.
    ///   - make: Puts it together.
    func bytes(
        _ noted: ParameterNotes?, _ change: AnswerIdentity?, _ make: ([ParameterID], AnswerIdentity?) -> [UInt8]
    ) -> [UInt8] {
        guard let noted else { return make([], change) }
        let count = noted.count
        let known = last.withLock { last -> [UInt8]? in
            guard let last, last.noted === noted, last.count == count, last.change == change else { return nil }
            return last.bytes
        }
        if let known { return known }
        let all = noted.all
        let bytes = make(all, change)
        last.withLock { $0 = Said(noted: noted, count: all.count, change: change, bytes: bytes) }
        return bytes
    }
}
