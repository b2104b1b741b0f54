import Bytes
import Expressions
import GraphQLSyntax
import GraphQLTypes
import Model
import QueryExecution
import QueryPlanning
import StoreColumns

/// Mutations: read on a query's thread, applied by a writer without one, answered.
extension QueryService {
    /// Applies the changes of a mutation one after another, and answers. Waits for the writer, on no thread.
    ///
    /// - Parameters:
    ///   - first: what came of the first of them, where it was tried already.
    ///   - version: what a mutation that changes nothing is answered from.
    package func run(
        _ mutation: Mutation, after first: ChangeOutcome? = nil, by writer: some ChangeWriter, version: GraphVersion
    ) async -> QueryAnswer {
        var outcomes = first.map { [$0] } ?? []
        if case .failure = first { return finish(mutation, with: outcomes, version: version) }
        for request in mutation.changes.dropFirst(outcomes.count) {
            let outcome = await writer.commit(request, stage: stage(request, of: mutation))
            outcomes.append(outcome)
            // A failure takes the whole answer with it; nobody could tell what had come behind it.
            if case .failure = outcome { break }
        }
        return finish(mutation, with: outcomes, version: version)
    }

    /// What checks one of a mutation's changes, wherever the writer wants it done.
    package func stage(_ request: ChangeRequest, of mutation: Mutation) -> ChangeStage {
        let (model, asOf) = (model, mutation.asOf)
        return { base, number, publishedAt in
            model.stage(request, on: base, number: number, publishedAt: publishedAt, asOf: asOf)
        }
    }

    /// The answer to a mutation whose changes were applied: its reports, from the version that the last of them left.
    ///
    /// - Parameter outcomes: One for each of its changes; those that are missing were not tried.
    package func finish(_ mutation: Mutation, with outcomes: [ChangeOutcome], version: GraphVersion) -> QueryAnswer {
        var current = version
        var given: [Int: GivenField] = [:]
        for (place, node) in mutation.plan.givenNodes.enumerated() {
            guard place < outcomes.count else {
                given[node] = .failure(Self.isReadOnly)
                continue
            }
            switch outcomes[place] {
            case .report(let report, let after):
                given[node] = .value(TreeValue(report))
                current = after
            case .failure(let code, let message): given[node] = .failure(ArgumentProblem(code, message, at: ""))
            }
        }
        // Reports are trees: nothing is computed of rows, and what is kept for questions is left alone.
        let bound = model.standardParameters(in: current, asOf: mutation.asOf)
        // What was applied is answered, whatever became of the time in which it was read.
        var graph = GraphSource(
            version: current, model: model, asOf: mutation.asOf, derived: DerivedColumns(bound.rowTypes), keyRanks: KeyRanks(),
            viewer: mutation.viewer, budget: makeBudget(), seal: seal,
            numberStyle: mutation.numberStyle, parameters: bound.resolved, rowTypes: bound.rowTypes)
        graph.given = given
        do throws(RequestError) {
            return try run(
                mutation.plan, of: mutation.operation, mutation.variables, graph,
                stamp: AnswerStamp(AnswerStamp.bytes(current, mutation.asOf)))
        } catch {
            return answer(error, version: current, asOf: mutation.asOf)
        }
    }

    private static let isReadOnly = ArgumentProblem(.storageReadOnly, "The data can be read here, and not changed.", at: "")

    // MARK: - Reading

    /// Reads the changes of every root field, so that nothing is applied of a request that cannot be understood.
    func mutation(
        _ operation: PreparedOperation, _ variables: [String: InputValue], _ request: QueryRequest, asOf: CivilDate,
        viewer: Viewer
    ) throws(RequestError) -> Mutation {
        let plan = operation.plan(variables: variables)
        var changes: [ChangeRequest] = []
        for index in plan.givenNodes {
            let node = plan.nodes[index]
            do throws(ArgumentProblem) {
                changes.append(try changeRequest(node, plan, variables))
            } catch {
                throw RequestError(
                    .badVariables, [QueryError(BindingProblem(problem: error, node: node), of: plan, in: operation.document)])
            }
        }
        return Mutation(
            changes: changes, operation: operation, variables: variables, plan: plan, asOf: asOf, viewer: viewer,
            numberStyle: request.numberStyle)
    }

    private func changeRequest(
        _ node: PlanNode, _ plan: Plan, _ variables: [String: InputValue]
    ) throws(ArgumentProblem) -> ChangeRequest {
        guard let template = node.arguments else { preconditionFailure("'\(node.fieldName)' takes arguments.") }
        let arguments: InputObject
        do throws(InputProblem) {
            arguments = try plan.schema.resolve(template, variables: variables)
        } catch {
            throw ArgumentProblem(error)
        }
        var fingerprint: [UInt8] = []
        if arguments["changeId"] != nil, let changes = arguments["changes"] {
            let text = changes.literalText + (arguments["overrides"]?.literalText ?? "")
            fingerprint = Array(SHA256Digest(of: Array(text.utf8).span).bytes)
        }
        return try ChangesReader.request(from: arguments, fingerprint: fingerprint, in: model)
    }
}

extension TreeValue {
    /// A report as the API's type `ChangeReport` has it.
    init(_ report: ChangeReport) {
        func text(_ value: String?) -> TreeValue { value.map { .string($0) } ?? .null }
        func number(_ value: Int) -> TreeValue { .number(String(value)) }
        let counts = report.counts.map { count in
            TreeValue.object(
                .members([
                    "type": .string(count.type), "added": number(count.added), "changed": number(count.changed),
                    "unchanged": number(count.unchanged), "deleted": number(count.deleted),
                ]))
        }
        let problems = report.problems.map { problem in
            TreeValue.object(
                .members([
                    "code": .string(problem.code.rawValue), "severity": .string(problem.severity.rawValue),
                    "type": text(problem.type), "list": text(problem.list?.rawValue), "row": problem.row.map(number) ?? .null,
                    "key": text(problem.key), "field": text(problem.field), "check": text(problem.check),
                    "message": .string(problem.message), "procedure": text(problem.procedure), "step": text(problem.step),
                    "reason": text(problem.reason),
                ]))
        }
        self = .object(
            .members([
                "applied": .boolean(report.isApplied), "dryRun": .boolean(report.isDryRun),
                "repeated": .boolean(report.isRepeated), "version": .string(String(report.version)), "counts": .list(counts),
                "problems": .list(problems), "problemCount": number(report.problemCount),
            ]))
    }
}
