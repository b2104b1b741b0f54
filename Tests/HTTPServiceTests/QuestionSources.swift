import HTTPService
import Query
import Testing

@Suite struct `The texts of saved questions` {
    /// Pages show what a role has of such a question, and read in its text what that is.
    @Test(arguments: [false, true]) func `are told to who may ask documents, also of questions that his role cannot ask whole`(
        asksSavedOnly: Bool
    ) async throws {
        var content = TestContent.asked
        let (queries, limits, shelf) = (content.queries, content.limits, content.shelf)
        content.roles["reader"] = {
            RoleContent(
                queries: queries,
                questions: RoleShelf(shelf, fitting: queries.model, limits: limits, language: queries.language, only: []),
                schema: nil, asksSavedOnly: asksSavedOnly)
        }
        try await KeyedServer().run(content: content) { server async throws in
            // What there is of all types is nobody's who sees a part.
            for (key, tellsCounts) in [(KeyedServer.reader, false), (KeyedServer.editor, true)] {
                let start = try await server.ask("GET", "/", KeyedServer.bearer(key))
                #expect(start?.status == 200 && start?.text.contains("counts") == tellsCounts)
            }
            for (key, isAsked, isTold) in [(KeyedServer.reader, false, !asksSavedOnly), (KeyedServer.editor, true, true)] {
                let question = try await server.ask("GET", "/q/from?number=1", KeyedServer.bearer(key))
                #expect(question?.status == (isAsked ? 200 : 404))
                let text = try await server.ask("GET", "/q/from/source", KeyedServer.bearer(key))
                #expect(text?.status == (isTold ? 200 : 404))
                #expect(text?.text.contains("items(where:") == isTold)
                #expect(try await server.ask("GET", "/q/none/source", KeyedServer.bearer(key))?.status == 404)
            }
        }
    }
}
