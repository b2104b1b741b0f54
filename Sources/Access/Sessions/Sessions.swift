import Bytes
import StoreColumns
import Synchronization

/// Who has signed in with a browser: a token of chance stands for a key, for a time.
///
/// Kept in memory, as digests; a restart ends all. A session lives by its key: whoever asks looks whether that is usable still.
package final class Sessions: Sendable {
    private struct Session {
        var keyID: String
        var beganAt: Instant
        var endsAt: Instant
    }

    private let lifeMicroseconds: Int64
    private let countPerKey: Int
    private let sessions = Mutex<[SHA256Digest: Session]>([:])

    /// - Parameters:
    ///   - lifeMilliseconds: After which one has to sign in again, whatever one did meanwhile.
    ///   - countPerKey: A further session of a key ends its oldest.
    package init(lifeMilliseconds: Int64, countPerKey: Int) {
        lifeMicroseconds = lifeMilliseconds * 1_000
        self.countPerKey = countPerKey
    }

    package var count: Int { sessions.withLock { $0.count } }

    /// Begins a session.
    ///
    /// - Parameter chance: 32 bytes. A token is never one that a client brought along.
    /// - Returns: The token, which is kept nowhere.
    package func begin(keyID: String, chance: [UInt8], now: Instant) -> String {
        precondition(chance.count == 32, "a session's token has 256 bits")
        let token = Base62.digits(of: chance)
        let digest = SHA256Digest(of: token.span)
        sessions.withLock { sessions in
            sessions = sessions.filter { $0.value.endsAt > now }
            let own = sessions.filter { $0.value.keyID == keyID }
            if own.count >= countPerKey, let oldest = own.min(by: { $0.value.beganAt < $1.value.beganAt }) {
                sessions[oldest.key] = nil
            }
            sessions[digest] = Session(
                keyID: keyID, beganAt: now, endsAt: Instant(microseconds: now.microseconds + lifeMicroseconds))
        }
        return String(decoding: token, as: UTF8.self)
    }

    /// The key for which a token stands now.
    package func keyID(of token: some Sequence<UInt8>, now: Instant) -> String? {
        // Found by its digest: how long that takes says nothing of the tokens there are.
        let digest = SHA256Digest(of: Array(token).span)
        return sessions.withLock { sessions in
            guard let session = sessions[digest] else { return nil }
            guard now < session.endsAt else {
                sessions[digest] = nil
                return nil
            }
            return session.keyID
        }
    }

    /// Ends the session of a token, if it has one.
    package func end(_ token: some Sequence<UInt8>) {
        let digest = SHA256Digest(of: Array(token).span)
        sessions.withLock { $0[digest] = nil }
    }
}
