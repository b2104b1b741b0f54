import Expressions
import GraphQLSyntax
import GraphQLTypes
import QueryExecution
import QueryPlanning
import StoreColumns

/// `diff(from:, to:)`: versions are found and compared before the answer begins. `explain` and its like are worked out there too.
extension QueryService {
    /// - Throws: `.needed`, with every version that the comparisons name and that is not at hand.
    func withGivenFields(
        _ source: GraphSource, _ plan: Plan, _ variables: [String: InputValue], _ terms: VersionTerms
    ) throws(BeginningEnd) -> GraphSource {
        var source = source
        var needed: [VersionName] = []
        for index in plan.givenNodes {
            do throws(ArgumentProblem) {
                guard case .diff = plan.nodes[index].source else {
                    source.given[index] = .value(try explained(plan.nodes[index], plan, variables, source))
                    continue
                }
                let sides = try sides(plan.nodes[index], plan, variables, source.version, terms)
                guard let old = sides.old, let new = sides.new else {
                    needed += sides.needed
                    continue
                }
                let comparison = try comparison(seen(old, "from", source, terms), seen(new, "to", source, terms), source)
                source.given[index] = .value(.object(.lazy(comparison)))
            } catch {
                source.given[index] = .failure(error)
            }
        }
        guard needed.isEmpty else { throw .needed(needed) }
        return source
    }

    /// The versions that one comparison is about, as far as they are at hand.
    private struct Sides {
        var old: GraphVersion?
        var new: GraphVersion?
        var needed: [VersionName] = []
    }

    private func sides(
        _ node: PlanNode, _ plan: Plan, _ variables: [String: InputValue], _ current: GraphVersion, _ terms: VersionTerms
    ) throws(ArgumentProblem) -> Sides {
        var arguments = InputObject([])
        if let template = node.arguments {
            do throws(InputProblem) {
                arguments = try plan.schema.resolve(template, variables: variables)
            } catch {
                throw ArgumentProblem(error)
            }
        }
        var sides = Sides()
        sides.old = try version(arguments, "from", current, terms, needed: &sides.needed)
        sides.new = try version(arguments, "to", current, terms, needed: &sides.needed)
        return sides
    }

    /// Both sides are what who asks sees of them.
    private func seen(
        _ version: GraphVersion, _ argument: String, _ source: GraphSource, _ terms: VersionTerms
    ) throws(ArgumentProblem) -> GraphVersion {
        do throws(RequestError) {
            return try seen(version, by: source.viewer, terms, source.asOf, source.budget)
        } catch {
            throw ArgumentProblem(error, at: argument)
        }
    }

    private func comparison(
        _ old: GraphVersion, _ new: GraphVersion, _ source: GraphSource
    ) throws(ArgumentProblem) -> VersionDiff {
        if let known = comparisons.diff(old, new, source.asOf, source.viewer) { return known }
        let diff: VersionDiff
        do throws(EvaluationError) {
            let difference = try GraphDifference(from: old, to: new) { (rows) throws(EvaluationError) in
                try source.budget.charge(rows: rows)
            }
            diff = try VersionDiff(
                difference, in: model, asOf: source.asOf, budget: source.budget, seal: seal, limits: answerLimits,
                reader: source.viewer)
        } catch {
            throw ArgumentProblem(error, at: "")
        }
        if old.damage != nil || new.damage != nil {
            throw ArgumentProblem(
                .internalServerError, "Stored data of one of the versions is damaged; the server's log says where.", at: "")
        }
        comparisons.keep(diff, old, new, source.asOf, source.viewer)
        return diff
    }

    /// - Returns: nil where it has to be found; its name is then one of `needed`.
    private func version(
        _ arguments: InputObject, _ argument: String, _ current: GraphVersion, _ terms: VersionTerms,
        needed: inout [VersionName]
    ) throws(ArgumentProblem) -> GraphVersion? {
        guard case .string(let text)? = arguments[argument], let number = UInt64(text) else {
            throw ArgumentProblem(.badUserInput, "'\(argument)' is not the number of a version.", at: argument)
        }
        if number == current.number { return current }
        let name = VersionName.number(number)
        switch terms.found[name] ?? versions.atHand(name) {
        case .version(let version) where version.catalog == current.catalog: return version
        case .version:
            throw ArgumentProblem(.versionGone, "Version \(number) was kept under another model.", at: argument)
        case .unavailable(let code, let message): throw ArgumentProblem(code, message, at: argument)
        case nil:
            needed.append(name)
            return nil
        }
    }
}
