import Dispatch
import Synchronization

/// Pieces of work that do not need one another, done on all cores, the heaviest first.
enum Workers {
    /// Fewer rows than this are written one piece after the other, in their order.
    static let leastWeight = 1 << 17

    /// - Parameters:
    ///   - weights: of each piece; what it costs, about.
    ///   - lightestFirst: turns the order round.
    /// - Returns: the results in the order of the weights.
    /// - Throws: the error of the first piece, in their order, that failed; pieces that had begun have ended.
    static func results<Result: Sendable>(
        weights: [Int], lightestFirst: Bool = false, _ work: @Sendable (Int) throws(SnapshotError) -> Result
    ) throws(SnapshotError) -> [Result] {
        guard weights.count > 1, weights.reduce(0, +) >= leastWeight else {
            var results: [Result] = []
            for place in weights.indices { results.append(try work(place)) }
            return results
        }
        let sign = lightestFirst ? 1 : -1
        let order = weights.indices.sorted { (sign * weights[$0], $0) < (sign * weights[$1], $1) }
        let done = Mutex<[Int: Swift.Result<Result, SnapshotError>]>([:])
        let hasFailed = Atomic(false)
        DispatchQueue.concurrentPerform(iterations: order.count) { turn in
            guard !hasFailed.load(ordering: .relaxed) else { return }
            let result: Swift.Result<Result, SnapshotError>
            do throws(SnapshotError) {
                result = .success(try work(order[turn]))
            } catch {
                hasFailed.store(true, ordering: .relaxed)
                result = .failure(error)
            }
            done.withLock { $0[order[turn]] = result }
        }
        let all = done.withLock { $0 }
        for place in weights.indices { if case .failure(let error)? = all[place] { throw error } }
        var results: [Result] = []
        for place in weights.indices { if let result = all[place] { results.append(try result.get()) } }
        return results
    }
}
