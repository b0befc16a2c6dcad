"""What passes between the public side and the control plane."""

from jialiang.integration.resolver.handed_headers import Origin, request_head, response_headers

ORIGIN = Origin(client="203.0.113.9", scheme="https", host="verify.example.cn")


def head(*headers: tuple[str, str], path: str = "/", query: str = "") -> list[str]:
    return request_head("GET", path, query, headers, ORIGIN)


def test_the_front_says_where_a_request_came_from() -> None:
    assert head() == [
        "GET / HTTP/1.1",
        "Host: verify.example.cn",
        "X-Forwarded-For: 203.0.113.9",
        "X-Forwarded-Proto: https",
        "X-Forwarded-Host: verify.example.cn",
    ]


def test_what_a_client_claims_about_its_origin_is_dropped() -> None:
    claimed = head(
        ("x-forwarded-for", "1.1.1.1"),
        ("x-forwarded-proto", "http"),
        ("forwarded", "for=1.1.1.1"),
        ("x-real-ip", "1"),
    )
    assert not [
        line for line in claimed if "1.1.1.1" in line or line.lower().startswith(("forwarded", "x-real"))
    ]


def test_a_name_with_an_underscore_cannot_pass_for_another_header() -> None:
    assert not [line for line in head(("x_forwarded_for", "1.1.1.1"), ("content_length", "7")) if "_" in line]


def test_framing_and_connection_fields_are_dropped_with_all_they_name() -> None:
    sent = head(
        ("connection", "close, X-Secret"), ("x-secret", "1"), ("keep-alive", "5"), ("te", "trailers"),
        ("transfer-encoding", "chunked"), ("content-length", "5"), ("upgrade", "h2c"), ("expect", "100-continue"),
    )  # fmt: skip
    assert len(sent) == 5


def test_cookies_and_repeated_fields_are_kept_in_order() -> None:
    sent = head(("cookie", "a=1"), ("accept", "text/html"), ("accept", "*/*"))
    assert sent[5:] == ["cookie: a=1", "accept: text/html", "accept: */*"]


def test_a_decoded_path_is_encoded_again() -> None:
    assert head(path="/证书/a b?#%", query="q=%E5%98%89&x=a+b")[0] == (
        "GET /%E8%AF%81%E4%B9%A6/a%20b%3F%23%25?q=%E5%98%89&x=a+b HTTP/1.1"
    )


def test_a_line_break_cannot_be_carried_into_the_request_line() -> None:
    line = head(path="/a\r\nX-Evil: 1", query="b\r\nc")[0]
    assert "\r" not in line
    assert "\n" not in line


def test_the_public_does_not_see_connection_fields_of_the_control_plane() -> None:
    stored = [
        ("connection", "x-hop"),
        ("x-hop", "1"),
        ("server", "granian"),
        ("date", "now"),
        ("etag", '"1"'),
    ]
    assert response_headers(stored) == [("etag", '"1"')]


def test_every_cookie_of_a_response_is_kept() -> None:
    cookies = [("set-cookie", "a=1"), ("set-cookie", "b=2")]
    assert response_headers(cookies) == cookies


def test_a_field_of_trusted_proxies_is_taken_away_from_everybody_else() -> None:
    given = [("x-client-cert", "PEM"), ("accept", "*/*")]
    withheld = frozenset({"x-client-cert"})
    for by_proxy in (True, False):
        origin = Origin("203.0.113.9", "https", "verify.example.cn", by_proxy)
        head = request_head("GET", "/", "", given, origin, withheld)
        assert ("x-client-cert: PEM" in head) == by_proxy
        assert "accept: */*" in head
