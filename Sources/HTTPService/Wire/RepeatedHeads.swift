import NIOCore

/// The heads of requests that a connection has seen answered, each with what answers the same bytes again at once.
///
/// A dashboard sends the same bytes every few seconds. To check and decode them and to bring them through the routes takes longer than to
/// know that nothing has changed since. So whoever has answered a request may leave word how its bytes are answered when they come again.
/// What differs in one byte, has a body, or finds no answer at hand goes the way of all requests.
struct RepeatedHeads {
    /// Answers a request from what is known of it; nil where it has to be brought to the routes. Must be quick, and may not wait.
    typealias Answering = @Sendable () -> ByteBuffer?

    /// What stands beside each head, about: what was read of the request, and who asked.
    static let bytesBesideHead = 1_024
    /// Answers that are given in one go to a client that sends request after request without waiting.
    static let answersInTurn = 16

    private struct Known {
        let head: ByteBuffer
        let answering: Answering

        var byteCount: Int { head.readableBytes + RepeatedHeads.bytesBesideHead }
    }

    /// Of all heads together, with what stands beside them.
    private let byteLimit: Int
    /// The last that was kept is the last of these.
    private var known: [Known] = []
    private var byteCount = 0

    init(byteLimit: Int) { self.byteLimit = byteLimit }

    var count: Int { known.count }

    /// Keeps a head in place of the oldest, where there is no room. What alone is too large is not kept.
    ///
    /// - Parameter head: From the first byte of the request line to the empty line, both included.
    mutating func keep(_ head: ByteBuffer, _ answering: @escaping Answering) {
        // A copy: the bytes that were read may be part of a far larger buffer.
        let new = Known(head: ByteBuffer(bytes: head.readableBytesView), answering: answering)
        guard new.byteCount <= byteLimit else { return }
        if let place = known.firstIndex(where: { $0.head == head }) { remove(place) }
        while byteCount + new.byteCount > byteLimit { remove(0) }
        known.append(new)
        byteCount += new.byteCount
    }

    private mutating func remove(_ place: Int) { byteCount -= known.remove(at: place).byteCount }

    /// What answers the request with which these bytes begin, and how many of them are its head.
    ///
    /// A head ends in an empty line and holds no other; so what begins as one that was seen is that one.
    func find(_ arrived: ByteBuffer) -> (byteCount: Int, answering: Answering)? {
        for one in known.reversed() {
            let byteCount = one.head.readableBytes
            guard arrived.getSlice(at: arrived.readerIndex, length: byteCount) == one.head else { continue }
            return (byteCount, one.answering)
        }
        return nil
    }
}
