import Synchronization

/// The columns and edges of a table whose bytes have not been checked yet, and the check that each must pass before it is lent.
///
/// Parts are numbered: the columns of the type, then its inverse edges. Versions that share a table's columns share its checks.
package final class ColumnChecks: Sendable {
    private let parts: [Part]
    private let check: @Sendable (Int) -> Damage?
    /// What was asked for and could not be lent.
    private let lack = AtomicLazyReference<Damage>()

    private final class Part: Sendable {
        let isRight = Atomic(false)
        let verdict = Mutex<Verdict>(.unknown)
    }

    private enum Verdict {
        case unknown
        case right
        case damaged(Damage)
    }

    /// - Parameter check: says what is wrong with a part; called once for each.
    package init(partCount: Int, check: @escaping @Sendable (Int) -> Damage?) {
        parts = (0..<partCount).map { _ in Part() }
        self.check = check
    }

    /// What is wrong with a part; nil where nothing is. Whoever asks while another checks it waits.
    package func damage(of part: Int) -> Damage? {
        if parts[part].isRight.load(ordering: .acquiring) { return nil }
        return parts[part].verdict.withLock { verdict in
            if case .unknown = verdict { verdict = check(part).map { .damaged($0) } ?? .right }
            switch verdict {
            case .damaged(let damage): return damage
            case .unknown, .right:
                parts[part].isRight.store(true, ordering: .releasing)
                return nil
            }
        }
    }

    /// Whether a part may be lent. If not, whoever asked is given nothing in its place, and that is remembered.
    package func allows(_ part: Int) -> Bool {
        guard let damage = damage(of: part) else { return true }
        _ = lack.storeIfNil(damage)
        return false
    }

    /// As above, of all parts.
    package func allowsAll() -> Bool {
        var areAllRight = true
        for part in parts.indices where !allows(part) { areAllRight = false }
        return areAllRight
    }

    /// Whether some part has not passed.
    var isOpen: Bool { !parts.allSatisfy { $0.isRight.load(ordering: .relaxed) } }

    /// What somebody was not given.
    var lacking: Damage? { lack.load() }

    /// The first thing found wrong, if any; nobody is given anything.
    func firstDamage(before eachPart: () -> Bool) -> Damage? {
        for part in parts.indices {
            guard eachPart() else { return nil }
            if let damage = damage(of: part) { return damage }
        }
        return nil
    }
}

/// What is wrong with a column or an edge, in a sentence for whoever runs the server.
package final class Damage: Error, Sendable, CustomStringConvertible {
    package let description: String
    package init(_ description: String) { self.description = description }
}

extension GraphVersion {
    /// Set once somebody has asked for a column or an edge whose bytes are damaged. It was given as one of nulls, so that nothing was
    /// read that is not what was written; **whatever was made from this version since must not be used**. Whoever makes
    /// something of a version asks at the end.
    package var damage: Damage? {
        for table in tables { if let damage = table.checks?.lacking { return damage } }
        return nil
    }

    /// Whether columns or edges are still to be checked, or are damaged.
    package var hasUncheckedColumns: Bool { tables.contains { $0.checks?.isOpen == true } }

    /// Checks every column and edge that has not been checked yet: for a pass in the background after opening.
    /// - Parameter goesOn: asked before each.
    /// - Returns: the first that is damaged; the pass ends there.
    @discardableResult
    package func checkColumns(while goesOn: () -> Bool = { true }) -> Damage? {
        for table in tables { if let damage = table.checks?.firstDamage(before: goesOn) { return damage } }
        return nil
    }
}
