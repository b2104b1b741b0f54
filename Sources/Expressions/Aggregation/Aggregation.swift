import StoreColumns

/// Figures of a set of rows, or of each group of them, bound to a version and an as-of date. Any number of threads may run it.
///
/// Rows are taken in blocks of 1,024; keys and values are read column by column into lanes, keys are turned into the numbers of
/// their groups, and each figure is added up by a typed loop over the lanes.
package struct Aggregation: Sendable {
    package let type: NodeTypeID
    package let measures: [Measure]
    private let context: EvaluationContext
    private let plan: Plan

    /// What is read, and what is made of it.
    fileprivate struct Plan: Sendable {
        var keys: [CompiledKey] = []
        var conditions: [Program] = []
        /// Measures of the same values under the same condition, which are read once for all.
        var sources: [Source] = []
        var measures: [Measure]
        var groupLimit: Int

        struct Source: Sendable {
            var condition: Int?
            /// Nil for counts of rows.
            var values: CompiledFigure?
            var measures: [Int] = []
        }
    }

    /// Where a set has more groups than may be, the error is `overBudget(.groups, …)`.
    package static let defaultGroupLimit = 1_000_000

    /// - Parameters:
    ///   - keys: what the rows are grouped by; none makes one group, also of no rows.
    ///   - measures: each with a result type.
    /// - Throws: `patternInvalid`, `patternLimit`, `illTyped`; of a tree also `overBudget`, `stopped`.
    package init(
        of measures: [Measure], by keys: [GroupingKey] = [], on type: NodeTypeID, _ context: EvaluationContext,
        groupLimit: Int = Aggregation.defaultGroupLimit
    ) throws(EvaluationError) {
        for measure in measures where measure.resultType == nil { throw .illTyped("a figure that such values do not have") }
        self.type = type
        self.measures = measures
        self.context = context
        var plan = Plan(measures: measures, groupLimit: groupLimit)
        for key in keys { plan.keys.append(try CompiledKey(key, on: type, context)) }
        var places: [Measure: Int] = [:]
        var conditions: [Expression: Int] = [:]
        for (index, measure) in measures.enumerated() {
            // What two measures share is all but the operation.
            let shared = Measure(.count, of: measure.element, where: measure.condition)
            if let place = places[shared] {
                plan.sources[place].measures.append(index)
                continue
            }
            var source = Plan.Source(measures: [index])
            if let condition = measure.condition {
                if conditions[condition] == nil {
                    conditions[condition] = plan.conditions.count
                    plan.conditions.append(try Program(condition, of: type, as: .boolean, context))
                }
                source.condition = conditions[condition]
            }
            if let element = measure.element { source.values = try CompiledFigure(element, on: type, context) }
            places[shared] = plan.sources.count
            plan.sources.append(source)
        }
        self.plan = plan
    }

    /// The figures of so many rows, where nothing but their count is asked and nothing groups them.
    package func figures(ofCount count: Int) -> Figures {
        var column = FigureColumn(count: 1)
        column.set(0, to: Int64(count))
        return Figures(
            type: type, count: 1, columns: measures.map { _ in column.finish() }, texts: measures.map { _ in nil },
            resultTypes: measures.map { _ in .int }, keys: [], maps: [], rows: [], slotsOfRows: [], context)
    }

    /// The figures of the rows of a selection.
    /// - Parameter keepsRows: Whether the groups' rows will be asked for: eight bytes a row.
    /// - Throws: `overBudget`, `stopped`, `overflow`, `patternLimit`. A figure that does not fit fails where it is read.
    package func figures(of selection: RowSelection, keepsRows: Bool = false) throws(EvaluationError) -> Figures {
        let run = try Run(plan, type, context, rowCount: selection.count)
        let rowCount = context.version[type].rowCount
        var splitting: Splitting?
        if run.isMergeable, selection.count > Block.rowCount, let given = context.splitting, given.splits(rowCount) {
            splitting = given
        }
        guard context.trace != nil, selection.count > Block.rowCount else {
            return try figures(of: selection, keepsRows: keepsRows, run, splitting)
        }
        let name =
            "\(keys.isEmpty ? "figures" : "groups") of \(context.rowTypes[type].name)\(splitting == nil ? "" : ", in parts")"
        return try context.step(.phase, name, estimatedRows: selection.count) { () throws(EvaluationError) in
            try figures(of: selection, keepsRows: keepsRows, run, splitting)
        } rows: {
            $0.count
        }
    }

    private var keys: [CompiledKey] { plan.keys }

    private func figures(
        of selection: RowSelection, keepsRows: Bool, _ run: Run, _ splitting: Splitting?
    ) throws(EvaluationError) -> Figures {
        let rowCount = context.version[type].rowCount
        guard let splitting else {
            try run.add(selection, in: 0..<rowCount, keepsRows: keepsRows)
            return try run.finish()
        }
        // The first block alone, as in a scan: there it is found what pays to compute before.
        run.extrapolate(max(1, selection.count / Block.rowCount))
        try run.add(selection, in: 0..<Block.rowCount, keepsRows: keepsRows)
        let (plan, type, context, seed) = (plan, type, context, run.seed)
        var frame = Frame(FrameLayout(), context)
        let parts = try splitting.parts(of: Block.rowCount..<rowCount, atMost: Self.partLimit, &frame) {
            (range, frame) throws(EvaluationError) in
            let part = try Run(plan, type, context, rowCount: selection.count, seed)
            try part.add(selection, in: range, keepsRows: keepsRows)
            return part
        }
        for part in parts { try run.merge(part) }
        return try run.finish()
    }

    /// So many parts at most: each has groups of its own.
    private static let partLimit = 16
}

/// What readers on other threads begin with.
private struct RunSeed: Sendable {
    var keys: [FrameSeed]
    var conditions: [FrameSeed]
    /// Nil for sources without values.
    var sources: [FrameSeed?]
}

/// One pass over a selection. Used on one thread.
// Sendable: one thread fills it, and gives it away when it has ended; from then on only the receiver uses it.
private final class Run: @unchecked Sendable {
    private struct Source {
        var condition: Int?
        var values: FigureReader?
        var accumulators: [(measure: Int, Accumulator)] = []
        var ratios: [(measure: Int, RatioAccumulator)] = []
    }
    private let type: NodeTypeID
    private let context: EvaluationContext
    private let groupLimit: Int
    private var keys: [KeyReader] = []
    private var maps: [SlotMap]
    private var conditions: [ConditionReader] = []
    private var sources: [Source] = []
    /// Where groups are made straight from columns: of nothing yet, and which column each source sums.
    private var dense: (groups: DenseGroups, columns: [Int?])?
    private let resultTypes: [ExpressionType]
    private var rows: [RowNumber] = []
    private var slotsOfRows: [Int32] = []

    /// - Parameter rowCount: How many rows will be added: a table is worth its memory where they are as many as its places.
    /// - Parameter seed: Of the run that this one is a part of.
    init(
        _ plan: Aggregation.Plan, _ type: NodeTypeID, _ context: EvaluationContext, rowCount: Int, _ seed: RunSeed? = nil
    ) throws(EvaluationError) {
        self.type = type
        self.context = context
        groupLimit = plan.groupLimit
        maps = plan.keys.map { SlotMap(space: Self.worthwhile($0.space, rowCount)) }
        resultTypes = plan.measures.map { $0.resultType ?? .int }
        for (index, key) in plan.keys.enumerated() { keys.append(try KeyReader(key, seed?.keys[index])) }
        for (index, condition) in plan.conditions.enumerated() {
            conditions.append(try ConditionReader(condition, seed?.conditions[index]))
        }
        for (index, planned) in plan.sources.enumerated() {
            var source = Source(condition: planned.condition)
            if let figure = planned.values { source.values = try FigureReader(figure, seed?.sources[index]) }
            for index in planned.measures {
                if source.values?.givesRatios == true {
                    source.ratios.append((index, try Self.ratioAccumulator(plan.measures[index])))
                } else {
                    source.accumulators.append((index, try Self.accumulator(plan.measures[index], source.values, rowCount)))
                }
            }
            sources.append(source)
        }
        if keys.isEmpty { grow(to: 1) }
        dense = makeDense()
    }

    /// Nil where something else is asked for than counts and sums of columns by an enum.
    private func makeDense() -> (groups: DenseGroups, columns: [Int?])? {
        guard keys.count == 1, conditions.isEmpty else { return nil }
        var figures: [CompiledFigure] = []
        var columns: [Int?] = []
        for source in sources {
            guard source.ratios.isEmpty, source.accumulators.allSatisfy({ $0.1 is any DenseAccumulator }) else { return nil }
            columns.append(source.values == nil ? nil : figures.count)
            if let values = source.values { figures.append(values.figure) }
        }
        return DenseGroups(key: keys[0].compiled, columns: figures).map { ($0, columns) }
    }

    private static func worthwhile(_ space: Int?, _ rowCount: Int) -> Int? {
        space.flatMap { $0 <= max(1_024, 4 * rowCount) ? $0 : nil }
    }

    private static func accumulator(
        _ measure: Measure, _ values: FigureReader?, _ rowCount: Int
    ) throws(EvaluationError) -> Accumulator {
        guard let values else { return CountAccumulator() }
        if values.type == .string, let accumulator = values.textAccumulator(measure.operation) { return accumulator }
        let isFloat = values.type == .float
        switch measure.operation {
        case .count: return CountAccumulator()
        case .countDistinct: return DistinctAccumulator(space: worthwhile(values.figure.space, rowCount))
        case .sum: return isFloat ? FloatSumAccumulator(isAverage: false) : SumAccumulator(averageScale: nil)
        case .average: return isFloat ? FloatSumAccumulator(isAverage: true) : SumAccumulator(averageScale: values.type.scale)
        case .minimum: return ExtremeAccumulator(isGreatest: false, isFloat: isFloat)
        case .maximum: return ExtremeAccumulator(isGreatest: true, isFloat: isFloat)
        case .median: return MedianAccumulator(.of(values.type))
        }
    }

    private static func ratioAccumulator(_ measure: Measure) throws(EvaluationError) -> RatioAccumulator {
        switch measure.operation {
        case .count: return RatioCountAccumulator()
        case .countDistinct: return RatioDistinctAccumulator()
        case .minimum: return RatioExtremeAccumulator(isGreatest: false)
        case .maximum: return RatioExtremeAccumulator(isGreatest: true)
        case .median: return RatioMedianAccumulator()
        case .sum, .average: throw .illTyped("ratios are neither summed nor averaged")
        }
    }

    var seed: RunSeed {
        RunSeed(keys: keys.map(\.values.seed), conditions: conditions.map(\.seed), sources: sources.map { $0.values?.seed })
    }

    func extrapolate(_ factor: Int) {
        for key in keys { key.values.extrapolate(factor) }
        for condition in conditions { condition.extrapolate(factor) }
        for source in sources { source.values?.extrapolate(factor) }
    }

    /// Keys of more values than this are grouped in one pass: each part would have a table of its own for them.
    private static let mergedSpaceLimit = 1 << 17

    /// Whether parts of the rows may be added by themselves.
    var isMergeable: Bool {
        keys.allSatisfy { $0.values.givesSharedValues && $0.compiled.space.map { $0 <= Self.mergedSpaceLimit } ?? false }
            && sources.allSatisfy { $0.ratios.isEmpty && $0.accumulators.allSatisfy(\.1.isMergeable) }
    }

    /// Adds what came of later rows. Groups keep the order of their first rows.
    func merge(_ part: Run) throws(EvaluationError) {
        try context.budget.poll()
        // By the part's numbers: the numbers here; key by key, as rows are numbered.
        var numbers: [Int32] = [0]
        for (index, map) in part.maps.enumerated() {
            numbers = (0..<map.count).map { number in
                let earlier = index == 0 ? 0 : numbers[Int(map.earlier[number])]
                return map.isNull[number] ? maps[index].numberOfNull(earlier) : maps[index].number(earlier, map.values[number])
            }
        }
        if let count = maps.last?.count {
            guard count <= groupLimit else { throw .overBudget(.groups, limit: groupLimit) }
            grow(to: count)
        }
        for (own, other) in zip(sources, part.sources) {
            for (accumulator, added) in zip(own.accumulators, other.accumulators) { accumulator.1.merge(added.1, numbers) }
        }
        rows += part.rows
        slotsOfRows += part.slotsOfRows.map { numbers[Int($0)] }
    }

    private func grow(to count: Int) {
        for source in sources {
            for (_, accumulator) in source.accumulators { accumulator.grow(to: count) }
            for (_, accumulator) in source.ratios { accumulator.grow(to: count) }
        }
    }

    /// - Parameter range: Of row numbers, beginning with a block.
    func add(_ selection: RowSelection, in range: Range<Int>, keepsRows: Bool) throws(EvaluationError) {
        if let dense, !keepsRows { return try add(selection, in: range, dense.groups, dense.columns) }
        var walk = BlockWalk(selection, of: context.version[type], in: range)
        var slots = keys.isEmpty ? [] : Array(repeating: Int32(0), count: Block.rowCount)
        var lanes = Lanes()
        var groupCount = keys.isEmpty ? 1 : maps[maps.count - 1].count
        while let (block, mask) = walk.block() {
            try context.budget.charge(rows: mask.count)
            if !keys.isEmpty {
                try number(block, mask, &slots, &lanes)
                let count = maps[maps.count - 1].count
                if count > groupCount {
                    guard count <= groupLimit else { throw .overBudget(.groups, limit: groupLimit) }
                    groupCount = count
                    grow(to: count)
                }
            }
            if keepsRows { keep(block, mask, slots) }
            try add(block, mask, keys.isEmpty ? nil : slots, &lanes)
        }
        for key in keys { try key.values.settle() }
        for condition in conditions { try condition.settle() }
        for source in sources { try source.values?.settle() }
    }

    private func add(
        _ selection: RowSelection, in range: Range<Int>, _ empty: DenseGroups, _ columns: [Int?]
    ) throws(EvaluationError) {
        var groups = empty
        var walk = BlockWalk(selection, of: context.version[type], in: range)
        while let (block, mask) = walk.block() {
            try context.budget.charge(rows: mask.count)
            groups.add(block, mask)
        }
        for code in groups.order {
            let slot = Int(groups.value(of: code).map { maps[0].number(0, $0) } ?? maps[0].numberOfNull(0))
            guard maps[0].count <= groupLimit else { throw .overBudget(.groups, limit: groupLimit) }
            grow(to: maps[0].count)
            for (source, column) in zip(sources, columns) {
                for (_, accumulator) in source.accumulators {
                    guard let accumulator = accumulator as? any DenseAccumulator else { continue }
                    if let column {
                        accumulator.add(groups.sum(of: code, in: column), of: groups.count(of: code, in: column), slot)
                    } else {
                        accumulator.add(0, of: groups.count(of: code), slot)
                    }
                }
            }
        }
    }

    /// The group of each row of the mask, key by key.
    private func number(
        _ block: Block, _ mask: BlockBits, _ slots: inout [Int32], _ lanes: inout Lanes
    ) throws(EvaluationError) {
        for (index, key) in keys.enumerated() {
            try key.fill(&lanes, block, mask)
            let isFirst = index == 0
            // Held by nobody else while the loop changes it.
            var map = SlotMap(space: nil)
            swap(&map, &maps[index])
            Self.number(mask, lanes, isFirst: isFirst, &map, in: slots.mutableSpan)
            swap(&map, &maps[index])
        }
    }

    /// Over spans: an array is asked at each change whether it is its own.
    private static func number(
        _ mask: BlockBits, _ lanes: borrowing Lanes, isFirst: Bool, _ map: inout SlotMap, in slots: consuming MutableSpan<Int32>
    ) {
        let values = lanes.values.span
        for word in 0..<Block.wordCount {
            var bits = mask[word: word]
            let valid = lanes.valid[word: word]
            while bits != 0 {
                let bit = bits.trailingZeroBitCount
                let row = word << 6 + bit
                bits &= bits &- 1
                let earlier = isFirst ? 0 : slots[row]
                slots[row] = valid >> UInt64(bit) & 1 != 0 ? map.number(earlier, values[row]) : map.numberOfNull(earlier)
            }
        }
    }

    private func keep(_ block: Block, _ mask: BlockBits, _ slots: [Int32]) {
        mask.forEachRow { row in
            rows.append(RowNumber(truncatingIfNeeded: block.start + row))
            slotsOfRows.append(slots.isEmpty ? 0 : slots[row])
        }
    }

    private func add(_ block: Block, _ mask: BlockBits, _ slots: [Int32]?, _ lanes: inout Lanes) throws(EvaluationError) {
        var held: [BlockBits?] = Array(repeating: nil, count: conditions.count)
        for source in sources {
            var rows = mask
            if let condition = source.condition {
                if let known = held[condition] {
                    rows = known
                } else {
                    rows = try conditions[condition].rows(block, mask)
                    held[condition] = rows
                }
                if rows.isEmpty { continue }
            }
            guard let values = source.values else {
                for (_, accumulator) in source.accumulators { accumulator.add(lanes.values.span, rows, slots: slots) }
                continue
            }
            if values.givesRatios {
                try values.forEachRatio(block, rows) { (row, ratio) throws(EvaluationError) in
                    let slot = slots.map { Int($0[row]) } ?? 0
                    for (_, accumulator) in source.ratios { accumulator.add(ratio, slot) }
                }
                continue
            }
            try values.fill(&lanes, block, rows)
            for (_, accumulator) in source.accumulators { accumulator.add(lanes.values.span, lanes.valid, slots: slots) }
        }
    }

    func finish() throws(EvaluationError) -> Figures {
        let count = keys.isEmpty ? 1 : maps[maps.count - 1].count
        var columns: [DerivedColumn?] = Array(repeating: nil, count: resultTypes.count)
        var texts: [NumberedTexts?] = Array(repeating: nil, count: resultTypes.count)
        for source in sources {
            for (measure, accumulator) in source.accumulators {
                columns[measure] = accumulator.finish(count)
                if resultTypes[measure] == .string { texts[measure] = source.values?.numberedTexts }
            }
            for (measure, accumulator) in source.ratios { columns[measure] = accumulator.finish(count) }
        }
        try context.budget.poll()
        return Figures(
            type: type, count: count, columns: columns.compactMap(\.self), texts: texts, resultTypes: resultTypes, keys: keys,
            maps: maps, rows: rows, slotsOfRows: slotsOfRows, context)
    }
}
