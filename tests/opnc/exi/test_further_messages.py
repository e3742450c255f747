"""Messages besides those of certificate installation: as libcbv2g writes them, or only named."""

from __future__ import annotations

import pytest

from opnc.exi import DecodeError, NotRead, encode
from opnc.exi.reading import MAX_MESSAGES, decode_any, decode_row

HEADER_2 = "80980200000000000000001"
READ = {
    "PaymentDetailsReq": "80980200000000000000001110451115050504c0c0c0c4c8ccd0d4d8dc40861040204400",
    "PaymentDetailsRes": "80980200000000000000001120004004080c1014181c2024282c3034383c4020283e3e8140",
    "AuthorizationReq": "8098020000000000000000100420020406080a0c0e10121416181a1c1e2000",
    "AuthorizationRes": "809802000000000000000010100000",
    "MeteringReceiptReq": "809802000000000000000010f41000000000000000000000089a6280",
    "AuthorizationReq of -20": "80000400000000000000000 80e2cfaa06200",
    "AuthorizationRes of -20": "800404000000000000000008 0e2cfaa0620000",
    "AuthorizationSetupReq of -20": "80080400000000000000000 80e2cfaa062",
    "AuthorizationSetupRes of -20": "800c0400000000000000000 80e2cfaa06200011000",
    "fragment of AuthorizationReq": "8004420020406080a0c0e10121416181a1c1e207a0",
    "fragment of MeteringReceiptReq": "807941000000000000000000000089a628f4",
    "PnC_AReqAuthorizationMode": "804b8152510c4100102030405060708090a0b0c0d0e0f1000203040010524680",
    "supportedAppProtocolReq": "8000ebab9371d34b9b79d189a98989c1d191d191818999d26b9b3a232b30020000040040",
    "supportedAppProtocolRes": "80400040",
    "supportedAppProtocolRes without SchemaID": "804080",
    "eMAID in the typed form": "80ec02b4b21a041111505090d0cc4c8cd05090cd4d9e80",
}
NAMED = {
    "ISO 15118-2 MeteringReceiptRes": "80980200000000000000001100040001 0800",
    "ISO 15118-2 PreChargeReq": "809802000000000000000011710019018812006061805000",
    "ISO 15118-2 SessionSetupReq": "809802000000000000000011d01aaf37bc04080c00",
    "DIN SPEC 70121 SessionSetupReq": "809a02000000000000000011d01a121dc983cd6000",
    "ISO 15118-20 SessionSetupReq": "808c0400000000000000000 80e2cfaa06207a2ab21a1a4a21899199a1a9b1b80",
    "ISO 15118-20 SessionStopRes": "80980400000000000000000 80e2cfaa0620000",
    "ISO 15118-20 VehicleCheckInReq": "80c40400000000000000000 80e2cfaa06200019026 24",
    "ISO 15118-20 AC_ChargeParameterDiscoveryReq": "80100400000000000000000 80e2cfaa0620800f8552200190 8",
    "ISO 15118-20 AC_ChargeLoopReq": "80080400000000000000000 80e2cfaa062892400500f94",
    "ISO 15118-20 AC_ChargeLoopRes": "800c0400000000000000000 80e2cfaa062008900",
    "ISO 15118-20 DC_CableCheckReq": "802c0400000000000000000 80e2cfaa062",
    "ISO 15118-20 ACDP_VehiclePositioningReq": "80180400000000000000000 80e2cfaa06244",
    "ISO 15118-20 WPT_PairingReq": "808c0400000000000000000 80e2cfaa0620490",
}


def octets(digits: str) -> bytes:
    return bytes.fromhex(digits.replace(" ", ""))


@pytest.mark.parametrize("name", READ)
def test_a_message_is_read_and_written_as_by_another_codec(name: str) -> None:
    decoded = decode_any(octets(READ[name]))
    assert decoded.findings == ()
    assert decoded.root.name in name or decoded.root.name == "V2G_Message"
    assert encode(decoded.value, decoded.schema, fragment=decoded.fragment) == octets(READ[name])


@pytest.mark.parametrize("name", NAMED)
def test_a_message_that_is_not_read_is_named(name: str) -> None:
    with pytest.raises(NotRead) as caught:
        decode_any(octets(NAMED[name]))
    # WPT and the common messages number alike: both names may be told.
    if name == "ISO 15118-20 WPT_PairingReq":
        assert "ISO 15118-20 SessionSetupReq" in caught.value.message
    else:
        assert caught.value.message.startswith(name)
    assert "not read by this tool" in str(caught.value)


def test_a_message_that_was_cut_off_is_not_named_otherwise() -> None:
    with pytest.raises(DecodeError) as caught:
        decode_any(octets(READ["AuthorizationSetupRes of -20"])[:-2])
    assert not isinstance(caught.value, NotRead)
    assert caught.value.path.startswith("AuthorizationSetupRes")


def test_what_begins_no_message_says_nothing_about_codes_of_fragments() -> None:
    with pytest.raises(DecodeError) as caught:
        decode_any(b"\x80\xff\xff\xff")
    assert not isinstance(caught.value, NotRead)


def test_messages_in_a_row_are_read_to_the_end() -> None:
    row = decode_row(
        octets(READ["PaymentDetailsReq"] + READ["AuthorizationReq"] + READ["supportedAppProtocolRes"])
    )
    assert [each.schema.name for each in row.streams] == ["iso2", "iso2", "handshake"]
    assert row.rest is None


def test_a_row_has_an_end() -> None:
    row = decode_row(octets(READ["supportedAppProtocolRes"]) * (MAX_MESSAGES + 1))
    assert len(row.streams) == MAX_MESSAGES
    assert row.rest is not None


def test_of_messages_in_a_row_the_first_are_kept_whatever_follows() -> None:
    row = decode_row(octets(READ["PaymentDetailsReq"] + NAMED["ISO 15118-2 PreChargeReq"]))
    assert len(row.streams) == 1
    assert isinstance(row.rest, NotRead)
