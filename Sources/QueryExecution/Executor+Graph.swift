import Expressions
import GraphQLTypes
import JSONText
import Model
import QueryPlanning
import StoreColumns

/// Values that come from a graph.
extension Executor {
    /// Writes the value of a field. GraphQL §6.4.2 ResolveFieldValue and §6.4.3 CompleteValue in one
    mutating func writeValue(of bound: BoundNode, of parent: Parent) throws(Interruption) {
        let node = bound.node
        if bound.isOfTree, case .tree(let object) = parent { return try writeTreeField(bound, of: object) }
        switch (node.source, parent) {
        case (.typeName(let name), _): writer.raw(name)
        case (.toOne, .row(_, let row)): try writeToOne(bound, row)
        case (.toMany, .row(let type, let row)): try writeConnection(bound, of: row, type)
        case (.rows, .root): try writeConnection(bound, of: nil, nil)
        case (.globalID(let type), .row(_, let row)): writeID(row, type)
        case (.rowByKey, .root): try writeRowByKey(bound)
        case (.node, .root): try writeNode(bound)
        case (.nodesByID, .root): try writeNodesByID(bound)
        case (.search, .root): try writeSearch(bound)
        case (.nodes, .connection(let page)): try writeNodes(node, page)
        case (.edges, .connection(let page)): try writeEdges(node, page)
        case (.totalCount, .connection(let page)): writer.int(pages[page].totalCount ?? 0)
        case (.pageInfo, .connection(let page)): try writeBelow(node, .pageInfo(page))
        case (.aggregate, _): try writeAggregate(bound, of: parent)
        case (.groups, .connection(let page)): try writeGroups(bound, page)
        case (.aggregateCount, .figures(let place, let group, _, _)): try writeFigure(node, nil, 0, place, group, scale: 0)
        case (.aggregateFields(let operation), .figures(let place, let group, _, _)):
            try writeFigures(bound, operation, place, group)
        case (.figure(let field), .figures(let place, let group, let operation, let scale)):
            try writeFigure(node, operation, field.position, place, group, scale: scale)
        case (.suppressed, .figures(let place, _, _, _)): writer.boolean(figures[place].isSuppressed)
        case (.groupKey, .group(let list, let index)): try writeGroupKey(node, list, index)
        case (.groupNodes, .group(let list, let index)): try writeGroupNodes(bound, list, index)
        case (.groupKeyID, .groupKey(let list, let index, let keys, let depth)): writeGroupKeyID(list, index, keys, depth)
        case (.groupKeyNode, .groupKey(let list, let index, let keys, let depth)):
            try writeGroupKeyNode(node, list, index, keys, depth)
        case (.groupKeyValue(let position, _, _), .groupKey(let list, let index, let keys, let depth)):
            try writeGroupKeyValue(bound, position, list, index, keys, depth)
        case (.groupKeyEdge(let position), .groupKey(let list, let index, let keys, let depth)):
            try writeGroupKeyEdge(node, position, list, index, keys, depth)
        case (.groupKeyPeriod(let position), .groupKey(let list, let index, let keys, let depth)),
            (.groupKeyNumber(let position), .groupKey(let list, let index, let keys, let depth)):
            try writeGroupKeyInterval(node, position, list, index, keys, depth)
        case (_, .interval(let list, let index, let key)): writeInterval(node, list, index, key)
        case (.edgeNode, .edge(let page, let index)): try writeRow(node, pages[page].type(at: index), pages[page].rows[index])
        case (.edgeCursor, .edge(let page, let index)): writeCursor(page, index)
        case (.hasNextPage, .pageInfo(let page)): writer.boolean(pages[page].hasNextPage)
        case (.hasPreviousPage, .pageInfo(let page)): writer.boolean(pages[page].hasPreviousPage)
        case (.startCursor, .pageInfo(let page)): writeCursor(page, pages[page].rows.indices.first)
        case (.endCursor, .pageInfo(let page)): writeCursor(page, pages[page].rows.indices.last)
        case (.applyChanges, .root), (.diff, .root), (.explain, .root), (.explainFailures, .root), (.explainRules, .root):
            try writeGiven(node)
        case (.meta, .root): try writeBelow(node, .meta)
        case (.version, .meta), (.publishedAt, .meta), (.modelDigest, .meta), (.asOfDate, .meta): writeMeta(node)
        case (.rowCounts, .meta): try writeRowCounts(node)
        case (.rowCountType, .rowCount(let type)): writer.string(graph?.catalog[type].name ?? "")
        case (.rowCountValue, .rowCount(let type)): writer.int(graph?.version[type].liveRowCount ?? 0)
        case (.introspectionSchema, _), (.introspectionType, _): try writeIntrospection(node)
        default: preconditionFailure("'\(node.fieldName)' is planned on a parent that does not have it.")
        }
    }

    /// An object that needs no data of its own.
    private mutating func writeBelow(_ node: PlanNode, _ parent: Parent) throws(Interruption) {
        guard case .one(let selection) = node.children else { return writer.null() }
        try writeObject(parent, selection, below: node)
    }

    // MARK: - Rows

    private mutating func writeToOne(_ bound: BoundNode, _ row: RowNumber) throws(Interruption) {
        guard case .toOne(let reader) = bound.field else { preconditionFailure("An edge is bound to a reader.") }
        let target: RowNumber?
        do throws(EvaluationError) {
            target = try reader.row(of: row)
        } catch {
            throw interruption(error, at: bound.node)
        }
        guard let target else { return try writeNull(of: bound.node) }
        try writeRow(bound.node, reader.target, target)
    }

    private mutating func writeRowByKey(_ bound: BoundNode) throws(Interruption) {
        guard case .row(let type, let row) = bound.field, let row else { return try writeNull(of: bound.node) }
        try writeRow(bound.node, type, row)
    }

    private mutating func writeNode(_ bound: BoundNode) throws(Interruption) {
        guard case .rows(let rows) = bound.field, let row = rows[0] else { return try writeNull(of: bound.node) }
        try writeRow(bound.node, row.type, row.row)
    }

    /// A place for each id; one that cannot be filled is null, and the others stay.
    private mutating func writeNodesByID(_ bound: BoundNode) throws(Interruption) {
        guard case .rows(let rows) = bound.field else { preconditionFailure("Ids are bound to rows.") }
        let node = bound.node
        try writeList(node, rows.count) { (executor, index) throws(Interruption) in
            guard let row = rows[index], let selection = executor.selection(of: node, for: row.type) else {
                return executor.writer.null()
            }
            let place = executor.place
            do throws(Interruption) {
                try executor.countRow()
                try executor.execute(selection, of: .row(row.type, row.row))
            } catch {
                guard executor.ends(error, isNonNull: false) else { throw error }
                executor.writeNull(at: place)
            }
        }
    }

    mutating func writeRow(_ node: PlanNode, _ type: NodeTypeID, _ row: RowNumber) throws(Interruption) {
        guard let selection = selection(of: node, for: type) else { return try writeNull(of: node) }
        try countRow()
        try writeObject(.row(type, row), selection, below: node)
    }

    private func selection(of node: PlanNode, for type: NodeTypeID) -> SelectionIndex? {
        if case .one(let selection) = node.children { return selection }
        guard let apiType = graph?.source.model.types[type.index].apiType else { return nil }
        return node.children.selection(for: apiType)
    }

    mutating func writeID(_ row: RowNumber, _ type: NodeTypeID) {
        writer.byte(UInt8(ascii: "\""))
        if let graph { writer.raw(graph.globalID(of: row, type)) }
        writer.byte(UInt8(ascii: "\""))
    }

    // MARK: - Connections

    private mutating func writeConnection(
        _ bound: BoundNode, of row: RowNumber?, _ type: NodeTypeID?
    ) throws(Interruption) {
        guard let graph, case .connection(let binding) = bound.field, case .one(let selection) = bound.node.children else {
            preconditionFailure("A connection is bound.")
        }
        let step = graph.source.trace?.begin(.phase, bound.node.responseName, visited: graph.budget.rowsVisited)
        do throws(PagingError) {
            pages.append(try binding.page(of: row, type, graph))
        } catch {
            throw interruption(error, at: bound.node, filter: filterValue(of: bound.node))
        }
        try writeObject(.connection(pages.count - 1), selection, below: bound.node)
        let page = pages.removeLast()
        if let step { graph.source.trace?.end(step, rows: page.rows.count, visited: graph.budget.rowsVisited) }
    }

    private mutating func writeSearch(_ bound: BoundNode) throws(Interruption) {
        guard let graph, case .search(let binding) = bound.field, case .one(let selection) = bound.node.children else {
            preconditionFailure("A search is bound.")
        }
        do throws(PagingError) {
            pages.append(try binding.page(graph))
        } catch {
            throw interruption(error, at: bound.node)
        }
        try writeObject(.connection(pages.count - 1), selection, below: bound.node)
        pages.removeLast()
    }

    private mutating func writeNodes(_ node: PlanNode, _ page: Int) throws(Interruption) {
        guard case .one(let selection) = node.children else { return try writeMixedNodes(node, page) }
        let (rows, type) = (pages[page].rows, pages[page].types[0])
        try writeList(node, rows.count, shape: graph?.shape(of: selection), of: rows) {
            (executor, index) throws(Interruption) in
            try executor.countRow()
            try executor.execute(selection, of: .row(type, rows[index]))
        }
    }

    private mutating func writeMixedNodes(_ node: PlanNode, _ page: Int) throws(Interruption) {
        let (rows, types) = (pages[page].rows, pages[page].types)
        try writeList(node, rows.count) { (executor, index) throws(Interruption) in
            guard let selection = executor.selection(of: node, for: types[index]) else {
                preconditionFailure("A union has every type that is searched.")
            }
            try executor.countRow()
            try executor.execute(selection, of: .row(types[index], rows[index]))
        }
    }

    private mutating func writeEdges(_ node: PlanNode, _ page: Int) throws(Interruption) {
        guard case .one(let selection) = node.children else { return writer.null() }
        try writeList(node, pages[page].rows.count) { (executor, index) throws(Interruption) in
            try executor.execute(selection, of: .edge(page: page, index: index))
        }
    }

    /// A list whose elements are never null: one that cannot be filled takes the list with it.
    mutating func writeList(
        _ node: PlanNode, _ count: Int, shape: ObjectShape? = nil, of rows: [RowNumber] = [],
        _ write: (inout Executor, Int) throws(Interruption) -> Void
    ) throws(Interruption) {
        path.append(.field(node))
        path.append(.index(0))
        writer.beginArray()
        let written = if let shape { try executeShape(shape, of: rows) } else { 0 }
        for index in written..<count {
            if index > 0 { writer.byte(UInt8(ascii: ",")) }
            path[path.count - 1] = .index(index)
            try write(&self, index)
        }
        writer.endArray()
        path.removeLast(2)
    }

    private mutating func writeCursor(_ page: Int, _ index: Int?) {
        guard let graph, let index else { return writer.null() }
        let type = pages[page].type(at: index)
        var key = pages[page].isMixed ? KeyBytes.prefix(of: type, in: graph.catalog) : []
        graph.appendKey(of: pages[page].rows[index], type, to: &key)
        let cursor = Cursor(version: graph.version.number, list: pages[page].list, key: key)
        writer.byte(UInt8(ascii: "\""))
        writer.raw(cursor.sealed(graph.source.seal))
        writer.byte(UInt8(ascii: "\""))
    }

    // MARK: - Meta

    private mutating func writeMeta(_ node: PlanNode) {
        guard let graph else { return writer.null() }
        switch node.source {
        case .version: writer.string(String(graph.version.number))
        case .publishedAt: writer.string(graph.version.publishedAt.description)
        case .modelDigest: writer.string(graph.source.model.digest)
        default: writer.date(days: graph.source.asOf.days)
        }
    }

    private mutating func writeRowCounts(_ node: PlanNode) throws(Interruption) {
        guard let graph, case .one(let selection) = node.children else { return writer.null() }
        let types = graph.source.model.seenTypes
        try writeList(node, types.count) { (executor, index) throws(Interruption) in
            try executor.execute(selection, of: .rowCount(types[index].nodeType))
        }
    }

    // MARK: - Errors

    /// Records an error of the evaluator at a field of the object that the walk is in.
    mutating func interruption(_ error: EvaluationError, at node: PlanNode) -> Interruption {
        path.append(.field(node))
        defer { path.removeLast() }
        return interruption(error)
    }

    /// Records an error of the evaluator where the walk is.
    mutating func interruption(_ error: EvaluationError, argumentPath: String? = nil) -> Interruption {
        let (message, code, limit) = error.explanation
        if error.endsExecution { return abort(message, code: code, limit: limit) }
        return fail(message, code: code, argumentPath: argumentPath, limit: limit)
    }

    /// The `where` argument, for what an error is to point at.
    private func filterValue(of node: PlanNode) -> InputValue? {
        guard let graph, let template = node.arguments?["where"] else { return nil }
        return (try? graph.source.model.resolveFilter(template, variables: variables))?.value
    }

    private mutating func interruption(
        _ error: PagingError, at node: PlanNode, filter: InputValue? = nil
    ) -> Interruption {
        switch error {
        case .evaluation(let error):
            path.append(.field(node))
            defer { path.removeLast() }
            return interruption(error, argumentPath: error.argumentPath(in: filter))
        case .foreignCursor(let argument):
            return fail(
                "'\(argument.rawValue)' is no cursor of this list: its rows, filter, order, date or reader are not the ones the cursor "
                    + "was made for.",
                code: .badUserInput, at: node, argument: InputProblem("", path: argument.rawValue, range: nil))
        case .expiredCursor(let argument, let version):
            expiredCursorVersion = version
            return fail(
                "The cursor belongs to version \(version) of the data, which is not the one that answers; begin again.",
                code: .cursorExpired, at: node, argument: InputProblem("", path: argument.rawValue, range: nil))
        }
    }
}
