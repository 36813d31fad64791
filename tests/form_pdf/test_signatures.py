"""The signature fields of a form, signed by pyHanko: valid, and the other party may still fill in theirs."""

from __future__ import annotations

import datetime
import io

import pikepdf
import pytest
from asn1crypto import keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.generic import pdf_name, pdf_string
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import signers
from pyhanko.sign.diff_analysis import (
    DEFAULT_DIFF_POLICY,
    FormUpdatingRule,
    GenericFieldModificationRule,
    SigFieldCreationRule,
    SigFieldModificationRule,
    StandardDiffPolicy,
)
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore
from tests.form_pdf.everything import everything

NOW = datetime.datetime(2026, 11, 24, 12, tzinfo=datetime.UTC)


@pytest.fixture(scope="module")
def signer() -> signers.SimpleSigner:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Hana Ngā Rākau")])
    usage = x509.KeyUsage(True, True, *[False] * 3, True, *[False] * 3)
    made = (
        x509.CertificateBuilder(
            name, name, key.public_key(), 1, NOW - datetime.timedelta(9), NOW + datetime.timedelta(900)
        )
        .add_extension(usage, critical=True)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    certificate = asn1_x509.Certificate.load(made.public_bytes(serialization.Encoding.DER))
    der = serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    return signers.SimpleSigner(
        certificate, keys.PrivateKeyInfo.load(key.private_bytes(*der)), SimpleCertificateStore()
    )


def signed(pdf: bytes, field: str, signer: signers.SimpleSigner) -> bytes:
    """Signed as the form's own /Lock says: nothing of that is told to the signer."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    metadata = signers.PdfSignatureMetadata(field_name=field)
    out = signers.PdfSigner(metadata, signer=signer).sign_pdf(writer, existing_fields_only=True)
    return out.getvalue()


def filled_later(pdf: bytes, path: tuple[str, ...], text: str) -> bytes:
    """One text field filled in by an incremental update, as a viewer saves."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    nodes = writer.root["/AcroForm"]["/Fields"]
    for part in path:
        node = next(one.get_object() for one in nodes if one.get_object()["/T"] == part)
        nodes = node.get("/Kids", [])
    node[pdf_name("/V")] = pdf_string(text)
    writer.update_container(node)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


# pyHanko 0.38 by itself calls every locked field altered that has an appearance from before the signature: it asks
# whether the stream is as new as the signature, where it means no newer (_allow_in_place_appearance_update).
POLICY = StandardDiffPolicy(
    DEFAULT_DIFF_POLICY.global_rules,
    FormUpdatingRule(
        [
            SigFieldCreationRule(),
            SigFieldModificationRule(),
            GenericFieldModificationRule(allow_in_place_appearance_stream_changes=False),
        ]
    ),
)


def status_of(pdf: bytes, signer: signers.SimpleSigner) -> tuple[bool, bool]:
    """Whether the first signature is intact and valid, and whether what came after it was allowed."""
    (signature, *_) = PdfFileReader(io.BytesIO(pdf)).embedded_signatures
    context = ValidationContext(trust_roots=[signer.signing_cert], moment=NOW)
    status = validate_pdf_signature(signature, context, diff_policy=POLICY)
    return status.intact and status.valid, status.docmdp_ok is not False and status.bottom_line


def test_a_signature_field_can_be_signed(signer: signers.SimpleSigner) -> None:
    pdf = signed(everything().pdf, "mentee-signed.signature", signer)
    assert status_of(pdf, signer) == (True, True)
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert "schemebook.json" in opened.attachments


def test_the_other_party_may_fill_in_and_sign_later(signer: signers.SimpleSigner) -> None:
    pdf = signed(everything().pdf, "mentee-signed.signature", signer)
    pdf = filled_later(pdf, ("mentor-signed", "name"), "TE RANGI HĪROA")
    assert status_of(pdf, signer) == (True, True)
    pdf = signed(pdf, "mentor-signed.signature", signer)
    assert status_of(pdf, signer) == (True, True)


def test_a_change_to_what_was_signed_shows(signer: signers.SimpleSigner) -> None:
    pdf = signed(everything().pdf, "mentee-signed.signature", signer)
    pdf = filled_later(pdf, ("mentee-signed", "name"), "SOMEBODY ELSE")
    intact, allowed = status_of(pdf, signer)
    assert intact and not allowed
