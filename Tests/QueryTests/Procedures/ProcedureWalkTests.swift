import Exchange
import Model
import Query
import StoreColumns
import Testing

/// Every procedure of cases: its complete way is taken, and every way beside it refused, with the step named.
@Suite struct `Procedures, walked` {
    @Test(arguments: Walk.all.indices) func `a complete walk is accepted, mutation by mutation`(index: Int) async throws {
        let walk = Walk.all[index]
        let start = try ProcedureDesk(walk.before)
        let desk = ChangingDesk(start.model, start.version, asOf: ProcedureDesk.asOf)
        for step in walk.steps.indices {
            let data = try await desk.data(
                "mutation M($changes: ChangesInput!) { applyChanges(changes: $changes) { applied problems { severity step message } } }",
                variables: ProcedureDesk.changes(walk.rows(ofStep: step), start.model))
            let stands = data.applyChanges.problems.items.filter { $0.severity.string != "REPORT" }
            #expect(data.applyChanges.applied.bool == true, "\(walk), step \(walk.steps[step].name): \(stands)")
        }
        let state = try await desk.data("{ processCase(caseNumber: \"C1\") { state isOpen } }").processCase
        #expect(state.state.string == walk.steps.last?.to)
        #expect(state.isOpen.bool == false)
    }

    @Test(arguments: Walk.all.indices) func `it is accepted file by file, and as the whole history at once`(index: Int) throws {
        let walk = Walk.all[index]
        var desk = try ProcedureDesk(walk.before)
        for step in walk.steps.indices {
            let outcome = try desk.apply(walk.rows(ofStep: step))
            #expect(outcome.isApplied, "\(walk), step \(walk.steps[step].name): \(outcome)")
        }
        let rows = walk.before + walk.steps.indices.flatMap { walk.rows(ofStep: $0) }
        let bulk = Importer(model: desk.model).loadInBulk(
            ProcedureDesk.files(rows), number: 1, publishedAt: Instant(microseconds: 0), asOf: ProcedureDesk.asOf, workers: 1,
            tellsConflicts: true)
        guard case .loaded = bulk else {
            Issue.record("\(walk): \(bulk)")
            return
        }
    }

    @Test(arguments: Walk.all.indices) func `a step that skips one, or comes twice, is refused and named`(index: Int) throws {
        let walk = Walk.all[index]
        for step in walk.steps.indices {
            var desk = try ProcedureDesk(walk, steps: step)
            // The next but one, said to follow what is there.
            if step + 1 < walk.steps.count {
                var rows = walk.rows(ofStep: step + 1) { row in
                    row["number"] = .number(step + 1)
                    row["fromState"] = step > 0 ? .text(walk.steps[step - 1].to) : nil
                }
                if step == 0 { rows += walk.rows(ofStep: 0).filter { $0.type == "ProcessCase" } }
                let skipped = try desk.apply(rows, isDryRun: true)
                #expect(skipped.faults.contains("ILLEGAL_TRANSITION - \(walk.procedure)"), "\(walk) \(step): \(skipped)")
                #expect(skipped.messages.contains { $0.contains("→ \(walk.steps[step + 1].to)") }, "\(walk) \(step): \(skipped)")
            }
            guard step > 0 else { continue }
            // The same once more, under the next number.
            let again = try desk.apply(
                walk.rows(ofStep: step - 1) { row in
                    row["number"] = .number(step + 1)
                    row["fromState"] = .text(walk.steps[step - 1].to)
                }.filter { $0.type != "ProcessCase" }, isDryRun: true)
            #expect(again.faults.contains("ILLEGAL_TRANSITION - \(walk.procedure)"), "\(walk) \(step): \(again)")
            // With a gap in the numbers, or a state before that was not the state.
            let gap = try desk.apply(walk.rows(ofStep: step) { $0["number"] = .number(step + 2) }, isDryRun: true)
            #expect(gap.faults.contains("STEP_MISSING - \(walk.procedure)"), "\(walk) \(step): \(gap)")
            let wrong = try desk.apply(walk.rows(ofStep: step) { $0["fromState"] = .text("WITHDRAWN") }, isDryRun: true)
            #expect(wrong.messages.contains { $0.contains("but the step before led to \(walk.steps[step - 1].to)") }, "\(wrong)")
        }
    }

    @Test(arguments: Walk.all.indices) func `a step without its evidence, by another, or before its time is refused and named`(
        index: Int
    ) throws {
        let walk = Walk.all[index]
        for (step, taken) in walk.steps.enumerated() {
            var desk = try ProcedureDesk(walk, steps: step)
            for kind in Set(taken.evidence) where kind != "COUNTY_REPLY" {
                let rest = taken.evidence.filter { $0 != kind }
                let bare = try desk.apply(walk.rows(ofStep: step, evidence: rest), isDryRun: true)
                #expect(bare.faults == ["MISSING_EVIDENCE \(taken.name) \(walk.procedure).\(taken.name)"], "\(walk): \(bare)")
                #expect(bare.messages.contains { $0.contains("needs \(kind) as evidence") }, "\(bare)")
            }
            let other = try desk.apply(
                walk.rows(ofStep: step) { row in
                    row["actorBody"] = .text(taken.bodies[0] == "COUNTY_GOVERNMENT" ? "HOUSEHOLD" : "COUNTY_GOVERNMENT")
                    row["jointBodies"] = nil
                }, isDryRun: true)
            #expect(other.faults == ["WRONG_ACTOR \(taken.name) \(walk.procedure).\(taken.name)"], "\(walk): \(other)")
            if taken.bodies.count > 1 {
                let alone = try desk.apply(walk.rows(ofStep: step) { $0["jointBodies"] = nil }, isDryRun: true)
                #expect(alone.faults == ["WRONG_ACTOR \(taken.name) \(walk.procedure).\(taken.name)"], "\(walk): \(alone)")
            }
            let future = try desk.apply(walk.rows(ofStep: step) { $0["date"] = .text("2021-01-01") }, isDryRun: true)
            #expect(future.faults.contains("CHECK_FAILED - step-not-in-future"), "\(walk): \(future)")
            guard step > 0 else { continue }
            let early = try desk.apply(walk.rows(ofStep: step) { $0["date"] = .text("2020-02-15") }, isDryRun: true)
            #expect(early.faults.contains("DATE_ORDER - \(walk.procedure)"), "\(walk): \(early)")
        }
    }

    @Test(arguments: Walk.all.indices) func `a notice that is short, missing or still runs is refused and named`(index: Int)
        throws
    {
        let walk = Walk.all[index]
        for (step, taken) in walk.steps.enumerated() {
            guard let notice = taken.with.first(where: { $0.type == "PublicNotice" }) else { continue }
            let day = taken.day
            var desk = try ProcedureDesk(walk, steps: step)
            let bare = try desk.apply(walk.rows(ofStep: step).filter { $0.type != "PublicNotice" }, isDryRun: true)
            #expect(bare.faults.contains { $0.hasPrefix("NOTICE_MISSING \(taken.name) ") }, "\(walk): \(bare)")
            guard case .text(let closes)? = notice["closesOn"] else { continue }
            let last = try #require(CivilDate(isoText: closes))
            func shortened(by days: Int32, _ rows: [WalkRow]) throws -> [WalkRow] {
                let text = try #require(CivilDate(days: last.days - days)).description
                return rows.map { row in
                    var row = row
                    if row.type == "PublicNotice" { row["closesOn"] = .text(text) }
                    return row
                }
            }
            let short = try desk.apply(shortened(by: 1, walk.rows(ofStep: step)), isDryRun: true)
            #expect(short.faults == ["NOTICE_TOO_SHORT \(taken.name) notice-long-enough"], "\(walk): \(short)")
            #expect(short.messages.contains { $0.contains("Found: 6.") }, "\(short)")
            // The step after, on the last day of the notice and on the day after.
            let next = walk.steps[step + 1].name
            #expect(try desk.apply(walk.rows(ofStep: step)).isApplied)
            let running = try desk.apply(walk.rows(ofStep: step + 1) { $0["date"] = .text(closes) }, isDryRun: true)
            #expect(running.faults == ["NOTICE_RUNNING \(next) notice-finished"], "\(walk): \(running)")
            #expect(running.messages.contains { $0.contains("Found: \(closes).") }, "\(running)")
            let after = try desk.apply(walk.rows(ofStep: step + 1))
            #expect(after.isApplied, "\(walk) posted \(day): \(after)")
        }
    }
}
