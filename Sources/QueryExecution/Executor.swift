import Expressions
import GraphQLSyntax
import GraphQLTypes
import JSONText
import Model
import QueryPlanning
import StoreColumns

/// Walks a plan and writes the response as it goes. GraphQL §6.3, §6.4
///
/// The bytes are written in selection order; where a null may not stand, what was written is taken back to the nearest
/// position where it may (GraphQL §6.4.4). Nothing waits and nothing is kept but the path to where the walk is.
struct Executor: ~Copyable {
    /// Why a position could not be filled. The error is recorded already.
    enum Interruption: Error {
        /// The position is null; if it may not be, so is the one around it.
        case null
        /// The whole execution ends.
        case abort
    }

    /// What an object's fields are read from. Small and trivial to copy: what is larger stands in a list of the executor.
    enum Parent {
        /// The query root of a graph.
        case root
        case row(NodeTypeID, RowNumber)
        /// By place in `pages`.
        case connection(Int)
        /// By place in `pages`, and in its rows.
        case edge(page: Int, index: Int)
        case pageInfo(Int)
        /// By place in `figures`; of which group, of which operation where its fields are written, with how many digits.
        case figures(Int, group: Int, operation: AggregateOperation?, scale: Int)
        /// By place in `groupPages`, and among its groups.
        case group(Int, Int)
        /// The keys that may still be meant, as bits, behind so many edges.
        case groupKey(Int, Int, keys: UInt64, depth: Int)
        /// A period or a number that is a key.
        case interval(Int, Int, key: Int)
        case meta
        case rowCount(NodeTypeID)
        /// By place in `trees`.
        case tree(Int)
    }

    enum PathStep {
        case field(PlanNode)
        case index(Int)
    }

    /// Nil where a graph is walked, whose run has it: a copy has many parts to count.
    private let treePlan: Plan?
    var plan: Plan {
        _read {
            if let graph {
                yield graph.plan
            } else if let treePlan {
                yield treePlan
            } else {
                preconditionFailure("A tree is walked by its plan.")
            }
        }
    }
    private let given: RequestVariables
    var variables: [String: InputValue] { given.byName }
    let limits: AnswerLimits
    let errorPropagation: ErrorPropagation
    let tree: TreeSource?
    /// Nil where a tree is walked.
    let graph: GraphRun?
    /// By node of the plan.
    private let nodes: [BoundNode]
    /// By selection of the plan.
    private let selections: [PlanSelection]
    private let root: SelectionIndex

    var writer: JSONWriter
    /// Bytes that stand before the data.
    let start: Int
    private(set) var errors: [FieldError] = []
    private(set) var wasAborted = false
    private var isNull = false
    var path: [PathStep] = []
    var trees: [TreeObject] = []
    var pages: [Page] = []
    var figures: [FigureSet] = []
    /// What of them was told, where only aggregates are seen.
    var cells = CellTally()
    var groupPages: [GroupPage] = []
    var rowsReturned = 0
    /// The version of a cursor that was made on another one than this.
    var expiredCursorVersion: UInt64?
    private var objectCount = 0

    init(
        _ plan: Plan, variables: RequestVariables, limits: AnswerLimits, errorPropagation: ErrorPropagation,
        tree: TreeSource?, graph: GraphRun?, writer: consuming JSONWriter
    ) {
        treePlan = graph == nil ? plan : nil
        given = variables
        self.limits = limits
        self.errorPropagation = errorPropagation
        self.tree = tree
        self.graph = graph
        nodes =
            graph?.nodes
            ?? plan.nodes.map { node in
                BoundNode(node, .plain, scalar: node.type.isNamed ? plan.schema.writtenScalar(node.type.named) : nil)
            }
        selections = plan.selections
        root = plan.root
        self.start = writer.count
        self.writer = writer
        // As deep as most answers are.
        path.reserveCapacity(12)
    }

    /// Writes the data, `null` where it came to nothing.
    mutating func run(from root: Parent) {
        do throws(Interruption) {
            try execute(self.root, of: root)
            // Between two looks on the way there is room for some objects more than may be.
            if writer.count - start > limits.bytes { throw tooManyBytes() }
        } catch {
            isNull = true
            writer.truncate(to: start)
            writer.null()
        }
    }

    consuming func finish() -> ExecutionResult {
        ExecutionResult(
            writer: writer, errors: errors, isNull: isNull, wasAborted: wasAborted, cursorVersion: expiredCursorVersion,
            rowCount: rowsReturned, cells: cells)
    }

    // MARK: - Objects and fields

    /// GraphQL §6.3.3 ExecuteCollectedFields
    mutating func execute(_ selection: SelectionIndex, of parent: Parent) throws(Interruption) {
        try countObject()
        writer.beginObject()
        let range = selections[selection.rawValue].nodes
        for index in range {
            let bound = nodes[index]
            let key = bound.node.responseKeyBehindComma
            writer.raw(key.span.extracting((index == range.lowerBound ? 1 : 0)..<key.count))
            // Leaves of rows are most of any answer: a call to their reader, and nothing else.
            if let reader = bound.reader, case .row(_, let row) = parent {
                try writeLeaf(bound, reader, row)
            } else {
                try executeField(bound, of: parent)
            }
        }
        writer.endObject()
    }

    private mutating func writeLeaf(_ bound: BoundNode, _ reader: LeafReader, _ row: RowNumber) throws(Interruption) {
        let mark = writer.mark
        do throws(EvaluationError) {
            if try reader.write(row, to: &writer) { return }
            guard bound.isNonNull else { return writer.null() }
        } catch {
            let interruption = interruption(error, at: bound.node)
            guard ends(interruption, isNonNull: bound.isNonNull) else { throw interruption }
            writer.truncate(to: mark)
            return writer.null()
        }
        let violation = nullViolation(at: bound.node)
        guard ends(violation, isNonNull: bound.isNonNull) else { throw violation }
        writer.null()
    }

    /// GraphQL §6.4.3 CompleteValue for a list of rows of which nothing is selected but what a shape has: the same objects as one
    /// `execute` a row would write, made column by column.
    /// - Returns: How many rows were written. What comes then is an error or beyond a limit; whoever goes on row by row meets it at
    ///   its place.
    mutating func executeShape(_ shape: ObjectShape, of rows: [RowNumber]) throws(Interruption) -> Int {
        guard let graph else { return 0 }
        var written = 0
        var batchRowCount = shape.firstCount
        while written < rows.count {
            let end = min(written + batchRowCount, rows.count)
            guard let made = shape.make(rows.span.extracting(written..<end), graph.budget),
                rowsReturned + made.rowCount <= limits.rows
            else { break }
            try pollLimits()
            if made.count < rows.count - written { shape.expect(rows.count - written, in: &writer, limits) }
            if written > 0 { writer.byte(UInt8(ascii: ",")) }
            shape.write(made, to: &writer)
            rowsReturned += made.rowCount
            written += made.count
            batchRowCount = shape.count(after: made)
        }
        return written
    }

    /// GraphQL §6.4 ExecuteField
    private mutating func executeField(_ bound: BoundNode, of parent: Parent) throws(Interruption) {
        let place = place
        do throws(Interruption) {
            try writeValue(of: bound, of: parent)
        } catch {
            guard ends(error, isNonNull: bound.isNonNull) else { throw error }
            writeNull(at: place)
        }
    }

    /// Whether an error ends at a position: the position becomes null, and what is around it goes on. GraphQL §6.4.4
    func ends(_ interruption: Interruption, isNonNull: Bool) -> Bool {
        interruption == .null && (!isNonNull || errorPropagation == .none)
    }

    /// Where the walk is, to come back to.
    struct Place {
        var mark: Int
        var pathLength: Int
        var treeCount: Int
        var pageCount: Int
        var figureCount: Int
        var groupPageCount: Int
    }

    var place: Place {
        Place(
            mark: writer.mark, pathLength: path.count, treeCount: trees.count, pageCount: pages.count, figureCount: figures.count,
            groupPageCount: groupPages.count)
    }

    /// Takes back what was written since, and writes null instead.
    mutating func writeNull(at place: Place) {
        writer.truncate(to: place.mark)
        path.removeLast(path.count - place.pathLength)
        trees.removeLast(trees.count - place.treeCount)
        pages.removeLast(pages.count - place.pageCount)
        figures.removeLast(figures.count - place.figureCount)
        groupPages.removeLast(groupPages.count - place.groupPageCount)
        writer.null()
    }

    /// An object below a field.
    mutating func writeObject(
        _ parent: Parent, _ selection: SelectionIndex, below node: PlanNode
    ) throws(Interruption) {
        path.append(.field(node))
        try execute(selection, of: parent)
        path.removeLast()
    }

    /// A null that the data has, not an error: it may stand only where the type lets it.
    mutating func writeNull(of node: PlanNode) throws(Interruption) {
        guard node.type.isNonNull else { return writer.null() }
        throw nullViolation(at: node)
    }

    // MARK: - Errors

    /// GraphQL §6.4.4: a non-null position that has no value is an error.
    mutating func nullViolation(at node: PlanNode) -> Interruption {
        let name = "\(plan.schema[node.parentType].name).\(node.fieldName)"
        return fail("Cannot return null for the non-null field '\(name)'.", at: node)
    }

    /// Records an error at a field of the object that the walk is in.
    mutating func fail(
        _ message: String, code: ErrorCode? = nil, at node: PlanNode, argument: InputProblem? = nil
    ) -> Interruption {
        path.append(.field(node))
        defer { path.removeLast() }
        return fail(message, code: code, argumentPath: argument?.path, range: argument?.range)
    }

    /// Records an error where the walk is. Once for each position: whoever records it leaves the position at once.
    mutating func fail(
        _ message: String, code: ErrorCode? = nil, argumentPath: String? = nil, range: SourceRange? = nil,
        limit: ExceededLimit? = nil, extensions: [(name: String, json: [UInt8])] = []
    ) -> Interruption {
        var node: PlanNode?
        var segments: [FieldError.PathSegment] = []
        for step in path {
            switch step {
            case .field(let field):
                node = field
                segments.append(.key(field.responseName))
            case .index(let index): segments.append(.index(index))
            }
        }
        var error = FieldError(
            message, code: code, path: segments, ranges: range.map { [$0] } ?? node?.ranges ?? [plan.range],
            argumentPath: argumentPath, limit: limit)
        error.extensions = extensions
        errors.append(error)
        guard errors.count < limits.errors else {
            wasAborted = true
            return .abort
        }
        return .null
    }

    /// Ends the execution with an error where the walk is.
    mutating func abort(_ message: String, code: ErrorCode, limit: ExceededLimit? = nil) -> Interruption {
        _ = fail(message, code: code, limit: limit)
        wasAborted = true
        return .abort
    }

    // MARK: - Limits

    /// Polls the budget and the size of the answer; every few objects, and at the first.
    private mutating func countObject() throws(Interruption) {
        if objectCount & 63 == 0 { try pollLimits() }
        objectCount &+= 1
    }

    private mutating func pollLimits() throws(Interruption) {
        if writer.count - start > limits.bytes { throw tooManyBytes() }
        if let graph { try poll(graph.budget) }
    }

    mutating func tooManyBytes() -> Interruption {
        abort(
            "The answer is larger than \(limits.bytes) bytes; ask for fewer rows or fields (limit \(AnswerLimits.bytesName)).",
            code: .queryTooComplex, limit: ExceededLimit(name: AnswerLimits.bytesName, maximum: limits.bytes))
    }

    mutating func countRow() throws(Interruption) {
        rowsReturned &+= 1
        guard rowsReturned > limits.rows else { return }
        throw abort(
            "The answer has more than \(limits.rows) rows; ask for smaller pages (limit \(AnswerLimits.rowsName)).",
            code: .queryTooComplex, limit: ExceededLimit(name: AnswerLimits.rowsName, maximum: limits.rows))
    }

    mutating func poll(_ budget: Budget) throws(Interruption) {
        do throws(EvaluationError) {
            try budget.poll()
        } catch {
            throw interruption(error)
        }
    }
}
