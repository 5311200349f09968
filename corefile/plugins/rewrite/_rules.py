"""What each release of `rewrite` does otherwise."""

from __future__ import annotations

from ...plugin import ReleaseRules, between, changed, since, until

_OLD = frozenset((1, 2, 3, 5, 6, 7, 8, 10, 12))
PLAIN, ANSWER_NAME, ANSWER_NAMES, ANSWERS = "", "one", "several", "all"
"""What may follow a name rule: nothing, one `answer name`, several of `answer name` and `answer value`, or `auto`, too."""


AUTO_SINCE = "1.8.4"


class RewriteRules(ReleaseRules):
    """The rules of one release."""

    # what it may be given
    ways = since("1.0.2", "names match in several ways: exact, prefix, suffix, substring, regex")
    modes = since("1.0.2", "`continue` counts for rules about names, types and classes; before, these always stop")
    block = since("1.0.5", "a rule may stand in a block where at most one word stands before it")
    answers = changed(
        PLAIN,
        {"1.0.5": ANSWER_NAME, "1.8.2": ANSWER_NAMES, AUTO_SINCE: ANSWERS},
        "what `answer` may follow a name rule: one `answer name`, several with `answer value`, or `answer auto`, too",
    )
    answer_first = since("1.1.3", "a rule that begins with `answer` is refused in words of its own")
    counts_first = until("1.2.3", "where a rule is invalid, the number of its words is complained about first")
    counts_groups = since("1.2.5", "a replacement that uses more groups than its pattern has is refused")
    guards_mode = since("1.9.4", "`continue` or `stop` alone is refused; before, CoreDNS panics")
    ttl = since("1.2.3", "there are rules about TTLs")
    ttl_range = since("1.9.4", "a TTL may be a range")
    cname = since("1.11.0", "there are rules about the targets of aliases")
    rcode = since("1.11.3", "there are rules about rcodes")
    dso = since("1.12.2", "rcode 11 is called DSOTYPENI")
    metadata = since("1.2.0", "metadata may be the data of an EDNS option")
    one_slash = until("1.8.5", "names of metadata have one slash")
    revert = since("1.11.4", "an EDNS option may be put back, with `revert`")
    unset = since("1.12.3", "EDNS options may be taken out, with `unset`")
    compiles_cname = since(
        "1.13.2", "a pattern of a cname rule is looked at before the start; before, it panics at work"
    )
    longest_pattern = changed(0, {"1.14.0": 10000}, "octets that a pattern has at most, 0 for any number")
    normal_cname = since("1.14.7", "the names of an exact cname rule are in lower case with a dot at their ends")
    of_name = changed(
        "exceeded the number of arguments for a name rule",
        {
            "1.1.3": "response rewrites must consist only of a name rule with 3 arguments and an answer rule with 3 arguments",
            "1.8.2": "response rewrites must consist only of a name rule with 3 arguments and one or more answer rules with "
            "3 arguments each",
        },
        "the words for surplus arguments of a name rule",
    )
    capital_pattern = until("1.4.0", "complaints about patterns begin with a capital")
    article = until("1.6.5", "complaints about how names match begin with an article")
    received = since("1.2.5", "and say what was given, for name rules")

    # on the way in
    folds = since("1.2.0", "names are looked at in lower case; before, as they were spelled")
    trims_letters = between("1.0.2", "1.3.0", "from a prefix or suffix, all letters that it has are taken off the name")
    checks_names = since("1.2.1", "a name that is no longer valid is an error")
    longest_name = changed(0, {"1.2.1": 255, "1.6.0": 0}, "characters that a name has at most, 0 for any number")
    logs_bad_name = between("1.2.1", "1.6.0", "and has a log line of its own")
    all_options = until("1.2.0", "a rule about an EDNS option changes all of its code, and `append` adds none to these")
    sets_do = until("1.0.6", "an EDNS option that is added comes with DO")
    supported = since("1.3.0", "replies repeat options that rules name")
    typed_options = changed(
        _OLD,
        {
            "1.6.7": _OLD | {9},
            "1.8.4": _OLD | {9, 15},
            "1.8.5": _OLD | {9, 11, 15},
            "1.8.7": _OLD | {4, 9, 11, 15},
            "1.14.0": _OLD | {4, 9, 11, 15, 18, 19},
        },
        "options that the DNS library knows; a `local` rule does not see them in the query",
    )

    # on the way back
    continue_restores = since("1.1.3", "a rule that does not stop changes the reply, too")
    restores_less = between(
        "1.8.4", "1.8.5", "the question is put back only where something else of the reply is changed"
    )
    exact_pattern = between("1.2.5", "1.8.4", "an exact rule gives names back that its target matches as a pattern")
    exact_auto = since("1.8.4", "an exact rule gives names and values back, as `answer auto` does")
    addresses_alone = until("1.0.6", "an answer that is no A record panics")
    all_sections = since("1.8.2", "all sections are changed, not the answers alone")
    own_records = until("1.8.2", "the very records that a plugin behind has answered with are changed")
    last_value = between("1.8.2", "1.8.4", "of several rules about values the last one counts")
    ptr = since("1.9.4", "the values of PTR records are changed")
    backwards = since("1.11.4", "the last rule is undone first; before, the first one")
    writes_failures = since("1.9.0", "behind a rule that stops, it writes the reply for an rcode itself")
    writes_all_failures = since("1.14.7", "and behind one that does not, where something of the reply is changed")
    no_opt_panics = between("1.11.4", "1.14.5", "`revert` panics where the reply has no OPT record")
    no_question_panics = until("1.14.5", "a reply without a question panics")
    bare_rcode = since("1.14.7", "rcodes are changed in replies without records, too")
    reverts_request = since("1.14.7", "`revert` puts the options back in the request, too, while the reply is written")
    no_target_panics = until("1.12.4", "an alias's new target without a reply panics; later it is an error in the log")
    passes_tc = since("1.12.2", "the reply is cut where that of an alias's new target is")
    keeps_chain = since("1.14.2", "aliases before the one that is changed stay, and all records of the new target come")


__all__ = ["ANSWERS", "ANSWER_NAME", "ANSWER_NAMES", "PLAIN", "RewriteRules"]
