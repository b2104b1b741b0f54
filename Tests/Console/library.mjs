// A schema that has one of everything, for the tests of the console's modules.
import { readSchema } from "../../Schema/pages/console/schema.js";

export const schema = readSchema(`
"""What can be asked."""
type Query {
  "One book by its number. 「书」"
  book(number: String!): Book
  books(where: BookFilter, orderBy: [BookOrderBy!], first: Int = 50): BookConnection!
  node(id: ID!): Node
}
interface Node { id: ID! }
type BookConnection { totalCount: Int! nodes: [Book!]! }
type Book implements Node {
  id: ID!
  "Its number. 「编号」"
  number: String!
  title: String "「作者」" author: Author
  genre: Genre
  price: Decimal @deprecated(reason: "see cost")
}
type Author implements Node { id: ID! name: String! secret: String books: BookConnection! }
union Thing = Book | Author
enum Genre { "「小说」" NOVEL POETRY IN_PRINT }
input BookFilter { and: [BookFilter!] number: StringFilter genre: GenreFilter author: AuthorFilter published: DateFilter }
input AuthorFilter { name: StringFilter secret: StringFilter }
input StringFilter { eq: String in: [String!] }
input GenreFilter { eq: Genre in: [Genre!] }
input DateFilter { lt: Date required: Int! }
input BookOrderBy @oneOf { number: Order title: Order }
enum Order { ASC DESC }
scalar Date
scalar Decimal
directive @asOf(date: Date!) on QUERY | MUTATION
type Mutation { write(row: BookFilter!): Boolean! }
`);
