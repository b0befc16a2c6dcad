"""What Hypothesis makes of messages of the Handle System."""

from __future__ import annotations

from hypothesis import strategies as st

from jialiang.formats.handle.sites import Site, SiteInterface, SiteServer
from jialiang.formats.handle.values import HandleRecord, HandleReference, HandleValue
from jialiang.formats.handle.wire import bodies
from jialiang.formats.handle.wire.codes import OpCode
from jialiang.formats.handle.wire.messages import Envelope, Header

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
numbers32 = st.integers(0, 2**32 - 1)
numbers16 = st.integers(0, 2**16 - 1)
numbers8 = st.integers(0, 255)
references = st.builds(HandleReference, numbers32, texts)
values = st.builds(
    HandleValue,
    index=numbers32,
    type=texts,
    data=st.binary(max_size=40),
    ttl=numbers32,
    ttl_absolute=st.booleans(),
    timestamp=numbers32,
    permissions=st.integers(0, 15),
    references=st.lists(references, max_size=3).map(tuple),
)
many_values = st.lists(values, max_size=4).map(tuple)
records = st.builds(HandleRecord, texts, many_values)
interfaces = st.builds(
    lambda protocol, port, kind: SiteInterface(protocol, port, query=bool(kind & 2), admin=bool(kind & 1)),
    st.sampled_from(["UDP", "TCP", "HTTP", "HTTPS"]),
    st.integers(1, 65535),
    st.integers(1, 3),
)
servers = st.builds(
    SiteServer,
    numbers32,
    st.binary(min_size=16, max_size=16),
    st.lists(interfaces, max_size=3).map(tuple),
    st.binary(max_size=30),
)
sites = st.builds(
    Site,
    servers=st.lists(servers, max_size=3).map(tuple),
    serial=numbers16,
    protocol_version=st.tuples(numbers8, numbers8),
    primary=st.booleans(),
    multi_primary=st.booleans(),
    hash_option=numbers8,
    hash_filter=st.binary(max_size=8),
    attributes=st.lists(st.tuples(texts, texts), max_size=3).map(tuple),
)
envelopes = st.builds(
    Envelope,
    length=st.just(0),
    request=numbers32,
    session=numbers32,
    sequence=st.just(0),
    major=st.just(2),
    minor=numbers8,
    flags=st.integers(0, 3),
    suggested_minor=numbers8,
)
headers = st.builds(Header, numbers32, numbers32, numbers32, numbers16, numbers8, numbers32, numbers8)
questions = st.builds(
    bodies.Question, texts, st.lists(numbers32, max_size=3).map(tuple), st.lists(texts, max_size=3).map(tuple)
)
record_bodies = st.builds(bodies.Record, records)
names = st.builds(bodies.Name, texts)
requests = st.one_of(
    st.tuples(st.sampled_from([OpCode.RESOLVE, OpCode.LOGIN]), questions),
    st.tuples(st.sampled_from([OpCode.CREATE, OpCode.ADD_VALUES, OpCode.MODIFY_VALUES]), record_bodies),
    st.tuples(
        st.sampled_from(
            [
                OpCode.DELETE, OpCode.LIST_HANDLES, OpCode.HOME_PREFIX, OpCode.UNHOME_PREFIX,
                OpCode.LIST_PREFIXES, OpCode.SITE_INFO,
            ]
        ),
        names,
    ),
    st.tuples(
        st.just(OpCode.REMOVE_VALUES), st.builds(bodies.Removal, texts, st.lists(numbers32, max_size=5).map(tuple))
    ),
    st.tuples(st.just(OpCode.LOGIN_ID_SYSTEM), st.builds(bodies.Login, texts, numbers32)),
    st.tuples(
        st.just(OpCode.CHALLENGE_ANSWER),
        st.builds(bodies.ChallengeAnswer, texts, texts, numbers32, st.binary(max_size=40)),
    ),
    st.tuples(
        st.just(OpCode.VERIFY_CHALLENGE),
        st.builds(bodies.Verification, texts, numbers32, *([st.binary(max_size=40)] * 3)),
    ),
    st.tuples(
        st.sampled_from([OpCode.SESSION_SETUP, OpCode.SESSION_KEY, 1000, 2002]),
        st.builds(bodies.Unread, st.binary(max_size=40)),
    ),
)  # fmt: skip
responses = st.one_of(
    st.tuples(st.just(OpCode.RESOLVE), st.just(1), record_bodies),
    st.tuples(st.just(OpCode.SITE_INFO), st.just(1), st.builds(bodies.SiteBody, sites)),
    st.tuples(st.just(OpCode.CREATE), st.just(1), st.one_of(names, st.just(bodies.Nothing()))),
    st.tuples(
        st.sampled_from([OpCode.DELETE, OpCode.MODIFY_VALUES, OpCode.LOGIN_ID_SYSTEM, OpCode.HOME_PREFIX]),
        st.just(1),
        st.just(bodies.Nothing()),
    ),
    st.tuples(
        st.sampled_from([OpCode.LIST_HANDLES, OpCode.LIST_PREFIXES]),
        st.just(1),
        st.builds(bodies.Names, st.lists(texts, max_size=4).map(tuple)),
    ),
    st.tuples(st.just(OpCode.VERIFY_CHALLENGE), st.just(1), st.builds(bodies.Verdict, st.booleans())),
    st.tuples(
        numbers32,
        st.sampled_from([302, 303]),
        st.builds(bodies.Referral, texts, st.one_of(st.none(), many_values)),
    ),
    st.tuples(numbers32, st.just(402), st.builds(bodies.Challenge, st.binary(max_size=20))),
    st.tuples(
        numbers32,
        st.sampled_from([2, 3, 4, 100, 200, 301, 400, 408, 605]),
        st.builds(bodies.Complaint, texts),
    ),
)
