import Settings

/// How bytes are taken for requests, without a connection: what `ConnectionGuard` does with them as they come. For laws that inputs keep.
package enum RequestFraming {
    package enum Outcome: Sendable, Equatable {
        /// The bytes of each request that is whole.
        case requests([Int])
        case refused(Refusal)
    }

    /// - Parameter piece: How many bytes come at a time.
    package static func read(_ bytes: [UInt8], piece: Int) -> Outcome {
        let limits = WireLimits(LimitValues(ServiceLimits.definitions))
        var requests: [Int] = []
        var start = 0
        do throws(Refusal) {
            while start < bytes.count {
                guard let byteCount = try request(bytes, from: start, piece: piece, limits) else { break }
                requests.append(byteCount)
                start += byteCount
            }
        } catch {
            return .refused(error)
        }
        return .requests(requests)
    }

    /// The bytes of the request that begins at `start`; nil while not all of it is there.
    private static func request(
        _ bytes: [UInt8], from start: Int, piece: Int, _ limits: WireLimits
    ) throws(Refusal) -> Int? {
        let rest = bytes.span.extracting(start..<bytes.count)
        var scanner = HeadScanner(limits: limits)
        var arrived = 0
        var end: Int?
        while end == nil {
            guard arrived < rest.count else { return nil }
            arrived = min(arrived + piece, rest.count)
            end = try scanner.scan(rest.extracting(0..<arrived))
        }
        guard let end else { return nil }
        let head = try RequestHead(rest.extracting(scanner.leadingByteCount..<end), limits: limits)
        var framing = BodyFraming(head.body, limits: limits, isFile: head.isFile)
        var position = end
        while !framing.isComplete {
            guard position < rest.count else { return nil }
            arrived = min(max(arrived, position) + piece, rest.count)
            position += try framing.consume(rest.extracting(position..<arrived))
        }
        return position
    }

    /// The parameters behind the `?` of a target.
    package static func parameters(ofTarget target: String) -> Result<[(name: String, value: String)], Refusal> {
        do throws(Refusal) {
            return .success(try URLParameters(target: target).pairs)
        } catch {
            return .failure(error)
        }
    }
}
