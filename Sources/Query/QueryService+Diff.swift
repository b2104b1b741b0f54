import Expressions
import GraphQLSyntax
import GraphQLTypes
import QueryExecution
import QueryPlanning
import StoreColumns

/// `diff(from:, to:)`: versions are found and compared before the answer begins.
extension QueryService {
    func withComparisons(_ source: GraphSource, _ plan: Plan, _ variables: [String: InputValue]) -> GraphSource {
        guard plan.operation == .query else { return source }
        var source = source
        for index in plan.givenNodes {
            do throws(ArgumentProblem) {
                source.given[index] = .value(.object(.lazy(try comparison(plan.nodes[index], plan, variables, source))))
            } catch {
                source.given[index] = .failure(error)
            }
        }
        return source
    }

    private func comparison(
        _ node: PlanNode, _ plan: Plan, _ variables: [String: InputValue], _ source: GraphSource
    ) throws(ArgumentProblem) -> VersionDiff {
        var arguments = InputObject([])
        if let template = node.arguments {
            do throws(InputProblem) {
                arguments = try plan.schema.resolve(template, variables: variables)
            } catch {
                throw ArgumentProblem(error)
            }
        }
        let old = try version(arguments, "from", source.version)
        let new = try version(arguments, "to", source.version)
        if let known = comparisons.diff(old, new, source.asOf) { return known }
        let diff: VersionDiff
        do throws(EvaluationError) {
            let difference = try GraphDifference(from: old, to: new) { (rows) throws(EvaluationError) in
                try source.budget.charge(rows: rows)
            }
            diff = try VersionDiff(
                difference, in: model, asOf: source.asOf, budget: source.budget, seal: seal, limits: answerLimits)
        } catch {
            throw ArgumentProblem(error, at: "")
        }
        if old.damage != nil || new.damage != nil {
            throw ArgumentProblem(
                .internalServerError, "Stored data of one of the versions is damaged; the server's log says where.", at: "")
        }
        comparisons.keep(diff, old, new, source.asOf)
        return diff
    }

    private func version(
        _ arguments: InputObject, _ name: String, _ current: GraphVersion
    ) throws(ArgumentProblem) -> GraphVersion {
        guard case .string(let text)? = arguments[name], let number = UInt64(text) else {
            throw ArgumentProblem(.badUserInput, "'\(name)' is not the number of a version.", at: name)
        }
        if number == current.number { return current }
        if number > current.number {
            throw ArgumentProblem(
                .versionNotReached, "Version \(number) is not reached yet; the data is at version \(current.number).", at: name)
        }
        switch versions.version(number) {
        case .version(let version) where version.catalog == current.catalog: return version
        case .version:
            throw ArgumentProblem(.versionGone, "Version \(number) was kept under another model.", at: name)
        case .gone(let nearest):
            throw ArgumentProblem(.versionGone, "Version \(number) is not kept; the nearest that is is \(nearest).", at: name)
        }
    }
}
