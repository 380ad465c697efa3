"""From a table to the page: charts, bundles, words in two languages, trace, verify, notebooks and the report."""
