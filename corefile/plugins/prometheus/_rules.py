"""What each release of `prometheus` does otherwise."""

from __future__ import annotations

from ...plugin import ReleaseRules, between, changed, since

PANICS = "coredns_panics_total"
WITHOUT_LABELS = (
    PANICS,
    "coredns_reload_failed_total",
    "coredns_forward_healthcheck_broken_total",
    "coredns_forward_max_concurrent_rejects_total",
    "coredns_hosts_reload_timestamp_seconds",
)
LOCAL = "coredns_local_localhost_requests_total"


class PrometheusRules(ReleaseRules):
    """The rules of one release."""

    registry = changed(
        "of the process",
        {
            "1.0.2": "of the first block",
            "1.2.3": "of the block",
            "1.2.6": "of the address",
            "1.7.1": "of the process",
        },
        "in which registry a plugin's metrics are: one of the whole process; that of the first block with the plugin; that of "
        "each block with it; or that of each address that a block with it names",
    )
    always = changed(
        (),
        {
            "1.1.3": ("coredns_panic_count_total",),
            "1.7.0": (PANICS,),
            "1.7.1": WITHOUT_LABELS,
            "1.8.1": (*WITHOUT_LABELS, LOCAL),
            "1.8.4": (*WITHOUT_LABELS, LOCAL, "coredns_health_request_failures_total"),
        },
        "metrics without labels, which are there (as 0) whether their plugin is used or not",
    )
    health = since("1.7.1", "so is the histogram of `health`")
    slim_buckets = since("1.8.4", "it has few buckets")
    enabled = since("1.5.0", "a gauge tells which plugins a server has")
    enabled_view = since("1.10.0", "it has the label `view`")
    comes_back = since("1.5.1", "it listens again when a reload has failed")
    rcode_of_status = since("1.8.5", "an rcode that the server writes counts")
    rcode_lost = between("1.8.7", "1.9.0", "that of a reply does not")
    plugin = changed(
        "",
        {"1.8.7": "writer", "1.14.0": "next"},
        "the label `plugin`: who wrote the reply, or the plugin behind this one, whoever wrote (plugin.go, NextOrFailure)",
    )
    size_on_arrival = since("1.12.2", "a request's size is taken before plugins change it")


__all__ = ["PrometheusRules"]
