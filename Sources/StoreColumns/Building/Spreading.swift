import Synchronization

/// Who does pieces of work that do not need one another. No thread is made here: whoever has some hands them in.
package struct Spreading: Sendable {
    private let forEach: @Sendable (Int, @Sendable (Int) -> Void) -> Void

    /// - Parameter forEach: calls the body once with every number below a count, in any order and from any thread, and returns when all
    ///   calls have.
    package init(_ forEach: @escaping @Sendable (_ count: Int, _ body: @Sendable (Int) -> Void) -> Void) {
        self.forEach = forEach
    }

    /// One piece after the other, by the caller.
    package static let inOrder = Spreading { count, body in for number in 0..<count { body(number) } }

    /// What pieces of work come to, in their order. The heaviest is begun first, so that none is waited for at the end.
    /// - Parameter weights: of each piece: what it costs, about.
    package func results<Result: Sendable>(weights: [Int], _ work: @Sendable (Int) -> Result) -> [Result] {
        let order = weights.indices.sorted { (-weights[$0], $0) < (-weights[$1], $1) }
        let done = Mutex<[Int: Result]>([:])
        forEach(order.count) { turn in
            let result = work(order[turn])
            done.withLock { $0[order[turn]] = result }
        }
        let all = done.withLock { $0 }
        return weights.indices.compactMap { all[$0] }
    }
}
