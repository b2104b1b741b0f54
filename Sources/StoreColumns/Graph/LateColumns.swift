import Bytes
import Synchronization

/// Columns and edges of a table that are made when they are first asked for: checked, and widened where they are stored narrower
/// than they are read.
///
/// Parts are numbered: the columns of the type, then its inverse edges. Versions that share a table's columns share what was made.
package final class LateColumns: Sendable {
    /// What a part is once it was made.
    package enum Content: Sendable {
        case column(Column)
        case edge(Adjacency)
    }

    private let parts: [Part]
    private let make: @Sendable (Int) throws(Damage) -> Content
    private let check: @Sendable (Int) throws(Damage) -> Bool
    /// What was asked for and could not be had.
    private let lack = OnceReference<Damage>()
    /// Whether anything, of any version, was ever lacking in this process: else nobody needs to look.
    private static let anyLacks = Atomic(false)

    /// Whether some version may be lacking something.
    static var mayLack: Bool { anyLacks.load(ordering: .acquiring) }

    private final class Box: Sendable {
        let content: Content
        init(_ content: Content) { self.content = content }
    }

    private final class Part: Sendable {
        let made = OnceReference<Box>()
        /// Whether it can be made, although it was not kept.
        let isRight = Atomic(false)
        let damage = Mutex<Damage?>(nil)
    }

    /// - Parameters:
    ///   - check: looks whether a part can be made that takes memory, and keeps nothing of it, so that a pass over all parts does not ask
    ///     for the memory of what nobody reads. False for a part that takes none, which is then made.
    ///   - make: makes a part, or says what is wrong with its bytes; not called again for one that is kept.
    package init(
        partCount: Int, check: @escaping @Sendable (Int) throws(Damage) -> Bool = { _ in false },
        make: @escaping @Sendable (Int) throws(Damage) -> Content
    ) {
        parts = (0..<partCount).map { _ in Part() }
        self.check = check
        self.make = make
    }

    private func made(_ part: Int) -> Result<Box, Damage> {
        if let box = parts[part].made.load() { return .success(box) }
        return parts[part].damage.withLock { damage in
            if let box = parts[part].made.load() { return .success(box) }
            if let damage { return .failure(damage) }
            do throws(Damage) {
                return .success(parts[part].made.storeIfNil(Box(try make(part))))
            } catch {
                damage = error
                return .failure(error)
            }
        }
    }

    /// A part; nil where its bytes are damaged, which is remembered: whoever asked is given nothing in its place. Whoever asks while
    /// another makes it waits.
    func content(_ part: Int) -> Content? {
        switch made(part) {
        case .success(let box): return box.content
        case .failure(let damage):
            _ = lack.storeIfNil(damage)
            Self.anyLacks.store(true, ordering: .releasing)
            return nil
        }
    }

    /// A part, or what is wrong with its bytes; nobody is given anything else.
    func contentOrDamage(_ part: Int) throws(Damage) -> Content {
        switch made(part) {
        case .success(let box): return box.content
        case .failure(let damage): throw damage
        }
    }

    /// Whether a part can be had; as `content` otherwise.
    package func allows(_ part: Int) -> Bool { content(part) != nil }

    /// A column that can be had.
    package func column(_ part: Int) -> Column? {
        if case .column(let column)? = content(part) { column } else { nil }
    }

    /// An edge that can be had.
    func edge(_ part: Int) -> Adjacency? {
        if case .edge(let edge)? = content(part) { edge } else { nil }
    }

    /// Looks whether a part can be had; one that takes memory is not kept.
    func verify(_ part: Int) throws(Damage) {
        let state = parts[part]
        if state.made.load() != nil || state.isRight.load(ordering: .acquiring) { return }
        let found = state.damage.withLock { (damage) -> Damage? in
            if damage != nil || state.made.load() != nil { return damage }
            do throws(Damage) {
                if try check(part) { state.isRight.store(true, ordering: .releasing) }
            } catch {
                damage = error
            }
            return damage
        }
        if let found { throw found }
        if !state.isRight.load(ordering: .acquiring) { _ = try contentOrDamage(part) }
    }

    /// Whether some part was not found to be right yet, or is damaged.
    var isOpen: Bool { !parts.allSatisfy { $0.made.load() != nil || $0.isRight.load(ordering: .relaxed) } }

    /// What somebody was not given.
    var lacking: Damage? { lack.load() }

    /// The first thing found wrong, if any; nobody is given anything.
    func firstDamage(before eachPart: () -> Bool) -> Damage? {
        for part in parts.indices {
            guard eachPart() else { return nil }
            do throws(Damage) { try verify(part) } catch { return error }
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
        // Every answer asks.
        guard LateColumns.mayLack else { return nil }
        for table in tables { if let damage = table.late?.lacking { return damage } }
        // What somebody sees is made of the columns of the whole.
        return seeing?.whole.damage
    }

    /// Whether columns or edges are still to be checked, or are damaged.
    package var hasUncheckedColumns: Bool { tables.contains { $0.late?.isOpen == true } }

    /// Checks every column and edge that has not been checked yet: for a pass in the background after opening.
    /// - Parameter goesOn: asked before each.
    /// - Returns: the first that is damaged; the pass ends there.
    @discardableResult
    package func checkColumns(while goesOn: () -> Bool = { true }) -> Damage? {
        for table in tables { if let damage = table.late?.firstDamage(before: goesOn) { return damage } }
        return nil
    }
}
