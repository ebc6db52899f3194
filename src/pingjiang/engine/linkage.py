"""Record linkage by Splink, as it comes: an opponent that our own linking is measured against."""

from __future__ import annotations

import logging
from collections.abc import Sequence

import duckdb
import pyarrow as pa

from pingjiang.engine.session import Session, Table

_SEED = 7
_PAIRS = 1e6
_CERTAIN_RECALL = 0.7  # of equal names, as in Splink's tutorial


def link_by_splink(session: Session, names: Table, thresholds: Sequence[float]) -> Table:
    """`names` (name, first, rest or null) → (threshold, name, cluster), by the settings of Splink's own tutorial.

    As there for forename and surname: `NameComparison` of each, pairs with an equal one, trained without labels on
    these pairs, connected components of the pairs above each probability. Splink works in an engine of its own, as
    large as this session's.
    """
    import splink.comparison_library as comparisons  # here: it takes a second to load, and few need it
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    memory, threads = session.rows("select current_setting('memory_limit'), current_setting('threads')")[0]
    given = names.sql("select row_number() over (order by self_.name) as unique_id, self_.* from self_").arrow()
    by = (block_on("first"), block_on("rest"))
    settings = SettingsCreator(
        link_type="dedupe_only",
        comparisons=[comparisons.NameComparison("first"), comparisons.NameComparison("rest")],
        blocking_rules_to_generate_predictions=[*by],
        additional_columns_to_retain=["name"],
    )
    with duckdb.connect(":memory:", config={"memory_limit": memory, "threads": threads}) as connection:
        database = DuckDBAPI(connection)
        linker = Linker(database.register(given), settings, log_level=logging.ERROR)
        training = linker.training
        training.estimate_probability_two_random_records_match([block_on("first", "rest")], recall=_CERTAIN_RECALL)
        training.estimate_u_using_random_sampling(max_pairs=_PAIRS, seed=_SEED)
        for rule in by:
            training.estimate_parameters_using_expectation_maximisation(rule, max_pairs=_PAIRS)
        predicted = linker.inference.predict(threshold_match_probability=min(thresholds))
        parts: list[pa.Table] = []
        for threshold in thresholds:
            clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(
                predicted, threshold_match_probability=threshold
            )
            part = connection.sql(
                f"select cast({threshold} as double) as threshold, name, cast(cluster_id as varchar) as cluster "
                f"from {clusters.physical_name}"
            )
            parts.append(part.to_arrow_table())
    return session.from_arrow(pa.concat_tables(parts))
