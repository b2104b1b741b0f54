/// Numbers pairs of an earlier number and a value, in the order in which they first come.
///
/// Groups by several keys are numbered key by key: the numbers of the first keys are the earlier numbers of the next. Where
/// values are codes of a small space a table says the number at once; else a hash of both does.
package struct SlotMap {
    /// Tables of at most so many places, four bytes each.
    package static let defaultTableLimit = 1 << 22

    /// By number: what it stands for. Null where `isNull`.
    package private(set) var values: [Int64] = []
    package private(set) var isNull: [Bool] = []
    package private(set) var earlier: [Int32] = []
    package var count: Int { values.count }

    /// Values run from 0 up to, not including, this; nil where nothing is known of them.
    private var space: Int?
    /// By earlier number and value; -1 for none yet.
    private var table: [Int32] = []
    /// Open addressing by hash; -1 for an empty place.
    private var places: [Int32] = []
    private var mask = 0
    /// By earlier number: the number of null.
    private var nulls: [Int32] = []
    private let seed: UInt64
    private let tableLimit: Int

    /// - Parameter space: Values run from 0 up to, not including, this; nil where nothing is known of them.
    package init(space: Int?, tableLimit: Int = SlotMap.defaultTableLimit) {
        self.tableLimit = tableLimit
        if let space, space <= tableLimit { self.space = space }
        // Different in every process, so that nobody can choose values that collide.
        seed = UInt64(bitPattern: Int64(Hasher().finalize()))
    }

    /// The number of a pair.
    @inline(__always)
    package mutating func number(_ earlier: Int32, _ value: Int64) -> Int32 {
        if let space {
            let place = Int(earlier) * space + Int(truncatingIfNeeded: value)
            if place < table.count {
                let known = table[place]
                if known >= 0 { return known }
            }
            return addToTable(earlier, value, place)
        }
        return hashed(earlier, value)
    }

    /// The number of an earlier number and null.
    package mutating func numberOfNull(_ earlier: Int32) -> Int32 {
        let index = Int(earlier)
        while nulls.count <= index { nulls.append(-1) }
        if nulls[index] < 0 { nulls[index] = add(earlier, 0, isNull: true) }
        return nulls[index]
    }

    private mutating func add(_ earlier: Int32, _ value: Int64, isNull: Bool) -> Int32 {
        let number = Int32(truncatingIfNeeded: values.count)
        values.append(value)
        self.isNull.append(isNull)
        self.earlier.append(earlier)
        return number
    }

    // MARK: Table

    @inline(never)
    private mutating func addToTable(_ earlier: Int32, _ value: Int64, _ place: Int) -> Int32 {
        guard let space else { return hashed(earlier, value) }
        if place >= table.count {
            let wanted = (Int(earlier) + 1) * space
            guard wanted <= tableLimit else {
                giveUpTable()
                return hashed(earlier, value)
            }
            table.reserveCapacity(min(max(wanted, table.count * 2), tableLimit))
            while table.count < wanted { table.append(-1) }
        }
        let number = add(earlier, value, isNull: false)
        table[place] = number
        return number
    }

    private mutating func giveUpTable() {
        space = nil
        table = []
        for number in values.indices where !isNull[number] { insert(Int32(truncatingIfNeeded: number)) }
    }

    // MARK: Hash

    @inline(__always)
    private func hash(_ earlier: Int32, _ value: Int64) -> Int {
        var mixed = UInt64(bitPattern: value) ^ seed
        mixed = (mixed ^ mixed >> 32) &* 0xD6E8_FEB8_6659_FD93
        mixed = mixed &+ UInt64(UInt32(bitPattern: earlier)) &* 0x9E37_79B9_7F4A_7C15
        mixed = (mixed ^ mixed >> 32) &* 0xD6E8_FEB8_6659_FD93
        return Int(truncatingIfNeeded: mixed ^ mixed >> 32)
    }

    private mutating func hashed(_ earlier: Int32, _ value: Int64) -> Int32 {
        if mask > 0 {
            var place = hash(earlier, value) & mask
            while places[place] >= 0 {
                let number = Int(places[place])
                if values[number] == value, self.earlier[number] == earlier { return places[place] }
                place = (place + 1) & mask
            }
        }
        let number = add(earlier, value, isNull: false)
        insert(number)
        return number
    }

    /// Makes room, and puts a number that is not in yet.
    private mutating func insert(_ number: Int32) {
        guard 2 * (values.count + 1) > mask else { return put(number) }
        mask = max(63, 4 * (values.count + 1)).nextPowerOfTwo - 1
        places = Array(repeating: -1, count: mask + 1)
        for known in values.indices where !isNull[known] && known <= Int(number) { put(Int32(truncatingIfNeeded: known)) }
    }

    private mutating func put(_ number: Int32) {
        var place = hash(earlier[Int(number)], values[Int(number)]) & mask
        while places[place] >= 0 { place = (place + 1) & mask }
        places[place] = number
    }
}

extension Int {
    /// The least power of two that is not below this, which is above 0.
    fileprivate var nextPowerOfTwo: Int {
        var power = 1
        while power < self { power *= 2 }
        return power
    }
}
