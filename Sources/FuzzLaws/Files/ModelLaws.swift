import GraphQLSyntax
import Model

/// SDL is a model, whose schema is printed and read as one, or is refused at places of it.
enum ModelLaws {
    static func check(_ bytes: [UInt8]) throws(BrokenLaw) {
        func outcome() -> Result<Model, ModelErrors> {
            do throws(ModelErrors) {
                return .success(try Model(sources: [ModelSource(name: "sample.graphql", bytes: bytes)], digest: "sample"))
            } catch {
                return .failure(error)
            }
        }
        switch (outcome(), outcome()) {
        case (.success(let model), .success(let again)):
            let text = model.schemaText
            try hold(text == again.schemaText && model.catalog == again.catalog, "the same bytes are two models")
            try hold((try? parse(Source(text), limits: .schema)) != nil, "the schema of a model cannot be read")
        case (.failure(let errors), .failure(let again)):
            try hold(errors.problems == again.problems, "the same bytes are refused in two ways")
            try hold(!errors.problems.isEmpty, "refused without a problem")
            let lineCount = bytes.count { $0 == 0x0A || $0 == 0x0D } + 1
            for problem in errors.problems {
                try hold(!problem.message.isEmpty, "a problem without words")
                guard let place = problem.location else { continue }
                try hold((1...lineCount).contains(Int(place.line)) && place.column >= 1, "a problem stands outside: \(problem)")
            }
        default: throw BrokenLaw("the same bytes are a model, and are none")
        }
    }
}
