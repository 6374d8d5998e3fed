const HEADS = ['Name', 'User principal name', 'Type', 'Account', 'Department', 'Country', 'Licences'];

/**
 * The least that Next can be asked for: `?rows=` rows of a table, made anew for each request, with nothing around it,
 * nobody signed in, and no database.
 */
export default async function Page({ searchParams }) {
  const rows = Number((await searchParams).rows);
  return (
    <main>
      <h1>Bare page</h1>
      <table>
        <thead>
          <tr>
            {HEADS.map((head) => (
              <th key={head}>{head}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {Array.from({ length: rows }, (_, n) => (
            <tr key={String(n)}>
              <th scope="row">
                <a href={`/users/${n}`}>{`Anna Almeida ${n}`}</a>
              </th>
              <td>{`anna.almeida.${n}@load.example`}</td>
              <td>Member</td>
              <td>Enabled</td>
              <td>{`Department ${n}`}</td>
              <td>Switzerland</td>
              <td>Microsoft 365 E3, Power BI Pro</td>
            </tr>
          ))}
        </tbody>
      </table>
    </main>
  );
}
