import GraphQLSyntax

/// The scalars and directives that files of a model use without defining them.
enum Prelude {
    static let fileName = "prelude of the model"

    /// The root that GraphQL asks of every schema; a model has none, and no file may name it.
    static let rootName = "ModelHasNoRoot"

    static let text = """
        schema { query: \(rootName) }
        type \(rootName) { nothing: Boolean }

        "An exact decimal number with a fixed number of fraction digits."
        scalar Decimal
        "A fraction of two integers, compared exactly."
        scalar Ratio
        "A civil date."
        scalar Date
        "An instant, in microseconds."
        scalar DateTime

        "Says that rows were masked before they came here, and for whom. Written into archives; no model that people write says it."
        directive @maskedFor(
          profile: String!
          "The role as which they are seen, and what was known of who saw them, as name=value."
          role: String!
          claims: [String!] = []
          "SHA-256 of the rules by which they were masked."
          rules: String!
        ) on SCHEMA

        "Makes the type a table of rows. The key's fields together name one row; they may be references."
        directive @node(
          key: [String!]!
          "The name of the list of all rows in the API; the type's name with a small first letter and an s where absent."
          plural: String
          "Whether its rows are put into groups and summed; where not, the API is smaller: they are listed, filtered, sorted and counted."
          figures: Boolean = true
        ) on OBJECT
        "Marks a dated type: a row is valid from the first date up to, not including, the second; an absent end is open."
        directive @period(from: String!, to: String!) on OBJECT
        "Marks a type whose rows make a tree: a field that refers to the row above, and an enum field that names the level."
        directive @tree(parent: String!, level: String!) on OBJECT
        "Marks the type whose rows set parameters: by its name, for a while, perhaps for one variant or one place of a tree."
        directive @parameters(
          "The fields of the parameter's name and, as text, of its value; an empty value sets nothing."
          name: String!
          value: String!
          "An enum: which variant of the rules a row is for. Its last value holds where a request names none."
          variant: String
          "A reference to a type with @tree: where a row holds, there and below."
          place: String
          "A text, or a reference: which document set the value."
          document: String
        ) on OBJECT
        "A parameter that expressions may read, on the type with @parameters, with what holds where no row says otherwise."
        directive @parameter(
          name: String!
          "Int, Decimal, Boolean, Date, String or an enum of the model."
          type: String!
          value: String
          "Values of single variants, written NAME=value."
          variants: [String!] = []
          "Where the value comes from."
          source: String
          zh: String!
          en: String
        ) repeatable on OBJECT
        "The other end of a reference field of the field's own type."
        directive @inverse(of: String!) on FIELD_DEFINITION
        "The rows of an inverse field that are valid on the as-of date, or, after a dot, a field of theirs."
        directive @valid(in: String!) on FIELD_DEFINITION
        "Computed, never stored: an expression in CEL over the row."
        directive @derived(cel: String!) on FIELD_DEFINITION
        "How many fraction digits a Decimal has, or a Ratio shows: 0 to 9."
        directive @decimal(digits: Int!) on FIELD_DEFINITION
        "No two rows have the same value."
        directive @unique on FIELD_DEFINITION
        "Asked for so often that an index pays."
        directive @index on FIELD_DEFINITION
        "Found by the API's search over all types; for a stored text, and for one about a person only where that is said."
        directive @search(
          "Says that the text tells about a person and is to be found all the same."
          personal: Boolean = false
        ) on FIELD_DEFINITION
        "The Chinese heading, and other headings under which files bring the same."
        directive @label(zh: String!, aliases: [String!] = []) on OBJECT | FIELD_DEFINITION | ENUM | ENUM_VALUE
        "Tells something about a person: who may see it is decided by the class, what the others see by the mask."
        directive @personal(
          class: PersonalClass!
          mask: Mask = FULL
          "The class of data that roles are given or not: a word of the model's own. OTHER where nothing is said; with class NONE, all roles."
          about: String
        ) on FIELD_DEFINITION
        "What is told of a field in place of this value, where it is masked; nothing where nothing is said."
        directive @masked(as: String!) on ENUM_VALUE
        "A rule that rows keep: true of a row that does, in CEL. Tested on rows that are added or changed."
        directive @check(
          id: String!
          cel: String!
          severity: CheckSeverity = HARD
          "What it asks, in Chinese."
          zh: String
          "What it asks, in English: what a row that does not keep it is answered with."
          en: String
        ) repeatable on OBJECT
        "A state machine that rows of the type follow: which step leads from which state to which, who takes it, and what it needs."
        directive @procedure(
          name: String!
          "Which rows follow it, in CEL; of several the first counts. All rows where nothing is said."
          when: String
          "The enum field that says where a row stands: stored, or derived from the rows of a type with @steps."
          state: String!
          "What it is, in Chinese."
          zh: String!
          en: String
        ) repeatable on OBJECT
        "A step of a procedure of the type. Tested where a change takes it."
        directive @transition(
          "The procedures."
          of: [String!]!
          "Its name there, which messages use."
          step: String!
          "States it may begin in; '*' is every one that another step leaves. Where nothing is said, a procedure begins with it."
          from: [String!] = []
          to: String!
          "Who takes it: one of these, A+B being both together. Where nothing is said, who could take another step from there."
          by: [String!] = []
          "What has to prove it, each of them."
          evidence: [String!] = []
          "The ids of the guards of the type that it needs."
          guards: [String!] = []
          zh: String!
          en: String
        ) repeatable on OBJECT
        "What steps need of a row beside its state: true of a row that may go on, in CEL, asked as of the day of the step."
        directive @guard(
          id: String!
          cel: String!
          severity: CheckSeverity = HARD
          "A word for programs that says what is wrong where it does not hold."
          reason: String = "RULE_FAILED"
          "Whether a row goes on of which it is not known."
          passesUnknown: Boolean = false
          "Whether it can be asked before the step is taken; not where it is about the step itself."
          beforehand: Boolean = true
          "What messages tell was found, in CEL."
          found: String
          zh: String!
          en: String!
        ) repeatable on OBJECT
        "Marks rows that are the steps of another row, added one after another, never changed and never deleted. Names their fields."
        directive @steps(
          "The reference to the row whose steps they are."
          of: String!
          "An Int that counts them from 1."
          number: String!
          "The state before, which the first has none of, and the state after."
          from: String!
          to: String!
          "The day."
          on: String!
          "An enum, or a list of enum values, or several such fields: who took it."
          by: [String!] = []
          "A list of references and, after a dot, an enum of theirs: what proves it."
          evidence: String
        ) on OBJECT
        "Set once: a value that is there is never changed nor cleared."
        directive @fixed on FIELD_DEFINITION
        "What rows get that were there before the field was, written as in a file: a number, a date, true, the name of a value."
        directive @backfill(value: String!) on FIELD_DEFINITION
        "The name it had before."
        directive @was(name: String!) repeatable on OBJECT | FIELD_DEFINITION | ENUM | ENUM_VALUE

        "What changes with rows that do not keep a check come to."
        enum CheckSeverity {
          "They are refused."
          HARD
          "They are refused without an override and its reason."
          SOFT
          "They are applied, and the rows listed."
          REPORT
        }

        enum PersonalClass {
          "Personal information."
          PII
          "Sensitive personal information."
          SPI
          "Tells about nobody, although it is computed from what does: a duty, a verdict, a figure of a place."
          NONE
        }

        "What stays of a value that is hidden."
        enum Mask {
          "The surname."
          NAME
          "The first and the last characters of an identity number."
          ID_NUMBER
          "The first three and the last four digits."
          PHONE
          "The last four digits."
          ACCOUNT
          "The year of a date."
          YEAR
          "The area, without street and number."
          AREA
          "A coarse class of the value."
          BAND
          "Nothing."
          FULL
        }
        """

    static let document: Document = {
        do {
            return try parse(Source(text, name: fileName))
        } catch {
            preconditionFailure("The prelude is a valid document: \(error)")
        }
    }()
}
