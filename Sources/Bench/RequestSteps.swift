import GraphQLSyntax
import GraphQLTypes
import GraphQLValidation
import HTTPService
import Model
import Query
import QueryPlanning

/// Each step of a request by itself, for each question: parse, validate, plan, and the whole as a first and as a later asking.
struct RequestSteps {
    let sample: Sample

    func run(_ effort: Effort) throws {
        for question in sample.questions { try run(question, effort) }
    }

    private func run(_ question: Sample.Question, _ effort: Effort) throws {
        let schema = sample.register.model.schema
        let model = sample.register.model
        let source = Source(String(decoding: question.request.document, as: UTF8.self))
        let document = try parse(source)
        let valid = try validate(document, against: schema)
        guard case .operation(let operation) = document.definitions.first else {
            throw Sample.Unusable(description: "\(question.name): its first definition is no operation.")
        }
        let variables = try schema.coerceVariables(operation.variables, in: document, values: question.request.variables)
        let service = sample.makeService()
        let answer = sample.answer(question, by: service)
        guard answer.outcome == .data else {
            throw Sample.Unusable(description: "\(question.name): \(String(decoding: answer.body, as: UTF8.self))")
        }
        var kept = 0
        let rows = [
            Measurement.of("run: asked again", effort) { kept &+= sample.answer(question, by: service).body.count },
            try Measurement.of("parse", effort) { kept &+= try parse(source).definitions.count },
            try Measurement.of("validate", effort) {
                kept &+= try validate(document, against: schema).document.definitions.count
            },
            Measurement.of("plan", effort) {
                kept &+= Plan(valid, operation: operation, model: model, variables: variables).nodes.count
            },
            Measurement.of("asked first: all steps, nothing kept", effort) {
                kept &+= sample.answer(question, by: sample.makeService()).body.count
            },
        ]
        precondition(kept != 0, "the bodies did something")
        Measurement.show(
            "\(question.name): \(question.request.document.count) bytes asked, \(answer.body.count) bytes answered", rows)
    }
}
