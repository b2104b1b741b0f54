import StoreColumns

extension KeyOrder {
    /// Rows whose leads are found at once.
    private static let batchCount = 1_024
    /// A text that stands anywhere in memory takes as long as so many values of a column, read in their order.
    private static let leadCost = 64

    /// The rows that can be among the first (or last) so many by business key, in no order: one pass, in which each row costs a number
    /// and few cost more. All of them where too many tie. Many rows are looked at in parts, on whatever threads there are.
    /// - Throws: `overBudget`, `stopped`.
    func picked(
        _ limit: Int, of rows: [RowNumber], isFromEnd: Bool, _ context: EvaluationContext
    ) throws(EvaluationError) -> [RowNumber] {
        var pick: LeastLeads
        if let splitting = context.splitting?.splitting(rows.count, cost: Self.leadCost) {
            var frame = Frame(FrameLayout(), context)
            let parts = try splitting.parts(of: rows.indices, &frame) { (range, frame) throws(EvaluationError) in
                try self.leastLeads(limit, of: rows, range, isFromEnd: isFromEnd, frame.budget)
            }
            pick = LeastLeads(limit)
            for part in parts { pick.offer(part) }
        } else {
            pick = try leastLeads(limit, of: rows, rows.indices, isFromEnd: isFromEnd, context.budget)
        }
        return pick.isOverfull ? rows : pick.rows
    }

    private func leastLeads(
        _ limit: Int, of rows: [RowNumber], _ range: Range<Int>, isFromEnd: Bool, _ budget: Budget
    ) throws(EvaluationError) -> LeastLeads {
        var pick = LeastLeads(limit)
        var leads: [UInt128] = []
        for start in stride(from: range.lowerBound, to: range.upperBound, by: Self.batchCount) {
            try budget.poll()
            if pick.isOverfull { break }
            let batch = rows.span.extracting(start..<min(start + Self.batchCount, range.upperBound))
            self.leads(of: batch, into: &leads)
            for place in batch.indices { pick.offer(batch[place], isFromEnd ? ~leads[place] : leads[place]) }
        }
        return pick
    }
}
