"""The consent story of ../common/story.mjs, step by step."""

import asyncio
import hashlib
import pathlib
from types import SimpleNamespace

from medblock import Medblock, sign_bytes
from report import refusal, refused, step
from wallet import SAYS_OF_REFUSALS, Wallet, fresh, known

NAME = "Dr. Ada Example"
SPECIALTY = "cardiology"
RECORDS = ["A letter.", "An electrocardiogram.", "A prescription."]
NOTE = "No finding. Repeat in a year."
# A representative's scopes: seeing 1, adding 2, granting 4, revoking 8.
SEE_AND_ADD = 3
# What a document may say that is never uploaded: the chain can't tell.
UNSEEN = {"digest": f"0x{'11' * 32}", "head": f"0x{'22' * 16}", "size": 4_096}


async def story(wallet: Wallet, folder: pathlib.Path, hospital: int, registrar: str):
    """Does all of it; gives the people, and their places on the chain."""
    people = SimpleNamespace(
        wallet=wallet, folder=folder, hospital=hospital, registrar=known(registrar)
    )
    await newcomers(people)
    await verification(people)
    await records(people)
    await access(people)
    await acting(people)
    await retraction(people)
    await another_account(people)
    return people


async def somebody(folder: pathlib.Path, name: str) -> SimpleNamespace:
    """Somebody with a fresh account, and a medblock that doesn't have its key."""
    account = fresh()
    medblock = await Medblock(folder, name, account).begin()
    return SimpleNamespace(account=account, medblock=medblock)


async def prepared(wallet: Wallet, person, words: list, name: str):
    """Has a call prepared, and decoded by the client: it has to understand every byte."""
    call, data = await person.medblock.prepare(*words)
    decoded = await wallet.decode(data)
    assert call == f"MedicalRecords.{name}", call
    assert f"{decoded.value['call_module']}.{decoded.value['call_function']}" == call
    assert await wallet.encode_again(decoded) == data
    assert await wallet.fee(person.account, decoded) == 0
    return decoded


def event(events: list, name: str, **expected) -> dict:
    """The fields of the one event of this name that a transaction brought about; without a pallet, of charts."""
    full = name if "." in name else f"MedicalRecords.{name}"
    (fields,) = [fields for one, fields in events if one == full]
    for field, value in expected.items():
        assert fields[field] == value, f"{name}.{field}: {fields}"
    return fields


async def newcomers(people) -> None:
    wallet, hospital = people.wallet, people.hospital
    with step("makes three new accounts, without funds"):
        names = ["ana", "bones", "carla"]
        all_three = await asyncio.gather(*(somebody(people.folder, name) for name in names))
        people.ana, people.bones, people.carla = all_three
    ana, bones, carla = all_three
    with step("refuses a newcomer everything but registering", SAYS_OF_REFUSALS) as outcome:
        call = await wallet.call("MedicalRecords.revoke_access", doctors=[0], rotation=None)
        outcome["shows"] = str(await refusal(wallet.send(ana.account, call)))
    with step("registers a patient and two doctors") as outcome:
        patient = ["patient", "register", "--hospital", hospital]
        doctor = ["doctor", "register", "--hospital", hospital, "--name", NAME]
        doctor += ["--specialty", SPECIALTY, "--qualification", "MD", "--since", 2001]
        calls = await asyncio.gather(
            prepared(wallet, ana, patient, "register_patient"),
            prepared(wallet, bones, doctor, "register_doctor"),
            prepared(wallet, carla, doctor, "register_doctor"),
        )
        people.registration = calls[0]
        accounts = [one.account for one in all_three]
        done = await asyncio.gather(*map(wallet.send, accounts, calls))
        address = ana.account.ss58_address
        ana.id = event(done[0], "PatientRegistered", hospital=hospital, account=address)["patient"]
        bones.id = event(done[1], "DoctorRegistered", hospital=hospital)["doctor"]
        carla.id = event(done[2], "DoctorRegistered", hospital=hospital)["doctor"]
        outcome["shows"] = f"patient {ana.id}, doctors {bones.id} and {carla.id}; fee 0"


def profile_digest() -> str:
    """The digest of the directory entry that the hospital has seen, of its SCALE encoding."""
    texts = [text.encode() for text in (NAME, SPECIALTY, "MD")]
    encoded = b"".join(bytes([len(text) << 2]) + text for text in texts)
    return f"0x{hashlib.sha256(encoded + (2001).to_bytes(2, 'little')).hexdigest()}"


async def verification(people) -> None:
    wallet, registrar = people.wallet, people.registrar
    ana, bones, carla = people.ana, people.bones, people.carla

    async def verify_doctor(doctor: int):
        return await wallet.call(
            "MedicalRecords.verify_doctor",
            doctor=doctor,
            key_digest=await wallet.key_digest(doctor),
            profile_digest=profile_digest(),
            licence_expires=None,
        )

    verify_patient = await wallet.call("MedicalRecords.verify_patient", patient=ana.id)
    four = "verifies them and sets details, four calls in a row without waiting"
    with step(four) as outcome:
        before = await wallet.nonce(registrar)
        details = {"doctor": bones.id, "details": "Room 12", "licence_expires": None}
        done = await wallet.send_in_a_row(
            registrar,
            [
                verify_patient,
                await verify_doctor(bones.id),
                await verify_doctor(carla.id),
                await wallet.call("MedicalRecords.set_doctor_details", **details),
            ],
        )
        event(done[0], "PatientVerified", patient=ana.id)
        event(done[1], "DoctorVerified", doctor=bones.id)
        event(done[2], "DoctorVerified", doctor=carla.id)
        event(done[3], "DoctorDetailsSet", doctor=bones.id)
        assert await wallet.nonce(registrar) == before + 4
        outcome["shows"] = f"nonces {before} to {before + 3}"
    with step("confirms a doctor's new encryption key"):
        call = await prepared(wallet, bones, ["doctor", "new-key", "--yes"], "set_encryption_key")
        event(await wallet.send(bones.account, call), "EncryptionKeySet", version=2)
        digest = await wallet.key_digest(bones.id)
        arguments = {"doctor": bones.id, "key_digest": digest}
        call = await wallet.call("MedicalRecords.confirm_encryption_key", **arguments)
        event(await wallet.send(registrar, call), "EncryptionKeyConfirmed", version=2)
    with step("explains why nobody registers twice") as outcome:
        again = wallet.send(ana.account, people.registration)
        outcome["shows"] = await refused("MedicalRecords.AlreadyRegistered", again)
    with step("refuses calls that this chain is not for", SAYS_OF_REFUSALS) as outcome:
        remark = await wallet.call("System.remark", remark="0x00")
        outcome["shows"] = str(await refusal(wallet.send(ana.account, remark)))
    with step("refuses a patient what registrars do") as outcome:
        why = await refusal(wallet.send(ana.account, verify_patient))
        assert why.name == "BadOrigin", str(why)
        outcome["shows"] = why.name


async def records(people) -> None:
    wallet, ana = people.wallet, people.ana
    with step("adds three records in one batch, after signing in at the vault"):
        files = [ana.medblock.file(f"{at}.txt", text) for at, text in enumerate(RECORDS)]
        call = await prepared(wallet, ana, ["record", "add", *files], "add_records")
        done = await wallet.send(ana.account, call)
        event(done, "RecordsAdded", patient=ana.id, first=0, count=len(RECORDS))
    with step("explains that a chart has no such record") as outcome:
        call = await wallet.call("MedicalRecords.withdraw_records", records=[99])
        sent = wallet.send(ana.account, call)
        outcome["shows"] = await refused("MedicalRecords.RecordNotFound", sent)
    with step("explains why a doctor can't write to somebody else's chart") as outcome:
        record = {"document": {**UNSEEN, "vault": people.hospital}, "in_reply_to": 0}
        arguments = {"patient": ana.id, "sealed_to": 0, "records": [record], "recipients": None}
        call = await wallet.call("MedicalRecords.append_records", **arguments)
        sent = wallet.send(people.bones.account, call)
        outcome["shows"] = await refused("MedicalRecords.NotGranted", sent)


async def access(people) -> None:
    wallet, ana, bones, carla = people.wallet, people.ana, people.bones, people.carla
    with step("grants a doctor the chart, who then reads it"):
        assert await wallet.access(ana.id, bones.id, 0) == "NotGranted"
        words = ["patient", "grant", "--yes", bones.id, "--append"]
        call = await prepared(wallet, ana, words, "grant_access")
        done = await wallet.send(ana.account, call)
        event(done, "AccessGranted", patient=ana.id, doctor=bones.id)
        assert await wallet.access(ana.id, bones.id, 0) == "Chart"
        assert await bones.medblock.opened("doctor", "open", ana.id, 1) == RECORDS[1]
    with step("appends a note that answers a record"):
        file = bones.medblock.file("note.txt", NOTE)
        words = ["doctor", "append", "--yes", ana.id, file, "--in-reply-to", 1]
        call = await prepared(wallet, bones, words, "append_records")
        done = await wallet.send(bones.account, call)
        event(done, "RecordsAdded", patient=ana.id, first=len(RECORDS), count=1)
    with step("shares a single record with another doctor, who reads that one"):
        call = await prepared(wallet, ana, ["patient", "share", "--yes", carla.id, 2], "share_records")
        done = await wallet.send(ana.account, call)
        event(done, "RecordsShared", patient=ana.id, doctor=carla.id, records=1)
        assert await wallet.access(ana.id, carla.id, 2) == "Records"
        assert await wallet.access(ana.id, carla.id, 0) == "RecordNotShared"
        assert await carla.medblock.opened("doctor", "open", ana.id, 2) == RECORDS[2]
    with step("reads the chart in batches"):
        read = await wallet.read_together(ana.id, ana.account, [bones.id, carla.id])
        assert read == {
            "patient": ana.id,
            "account": ana.account.ss58_address,
            "specialties": [SPECIALTY, SPECIALTY],
            "records": ["Patient", "Patient", "Patient", {"Doctor": bones.id}],
        }, read


async def acting(people) -> None:
    """Naming somebody, and ending that, needs no encryption."""
    wallet, registrar, ana, bones = people.wallet, people.registrar, people.ana, people.bones

    async def naming(representative: int):
        arguments = {"representative": representative, "scopes": SEE_AND_ADD, "until": None}
        return await wallet.call("Delegation.name_representative", **arguments)

    with step("names somebody who acts for the patient, and ends that") as outcome:
        words = ["patient", "register", "--hospital", people.hospital]
        call = await prepared(wallet, bones, words, "register_patient")
        done = await wallet.send(bones.account, call)
        representative = event(done, "PatientRegistered", hospital=people.hospital)["patient"]
        call = await wallet.call("MedicalRecords.verify_patient", patient=representative)
        await wallet.send(registrar, call)
        both = {"patient": ana.id, "representative": representative}
        done = await wallet.send(ana.account, await naming(representative))
        event(done, "Delegation.RepresentativeNamed", **both)
        call = await wallet.call("Delegation.end_representation", representative=representative)
        event(await wallet.send(ana.account, call), "Delegation.RepresentationEnded", **both)
        outcome["shows"] = f"patient {representative} for patient {ana.id}"
    with step("explains why nobody represents themselves") as outcome:
        own = wallet.send(ana.account, await naming(ana.id))
        outcome["shows"] = await refused("Delegation.OwnRepresentative", own)
    with step("explains that a patient without a plan has no emergency") as outcome:
        arguments = {"patient": ana.id, "reason": "Unconscious", "details": f"0x{'33' * 32}"}
        call = await wallet.call("Delegation.request_emergency", **arguments)
        asked = wallet.send(people.carla.account, call)
        outcome["shows"] = await refused("Delegation.NoEmergencyPlan", asked)


async def retraction(people) -> None:
    wallet, ana, bones = people.wallet, people.ana, people.bones
    gone = "revokes, as a wallet that can't encrypt, and access is gone"
    with step(gone) as outcome:
        arguments = {"doctors": [bones.id], "rotation": None}
        call = await wallet.call("MedicalRecords.revoke_access", **arguments)
        done = await wallet.send(ana.account, call)
        event(done, "AccessRevoked", patient=ana.id, doctor=bones.id)
        assert await wallet.access(ana.id, bones.id, None) == "NotGranted"
        opening = ["doctor", "open", ana.id, 1, "--output", bones.medblock.home]
        outcome["shows"] = await bones.medblock.refused(4, *opening)
    with step("withdraws a record"):
        call = await wallet.call("MedicalRecords.withdraw_records", records=[2])
        done = await wallet.send(ana.account, call)
        event(done, "RecordWithdrawn", patient=ana.id, record=2)
        assert await wallet.access(ana.id, people.carla.id, 2) == "RecordNotShared"


async def another_account(people) -> None:
    wallet, ana = people.wallet, people.ana
    with step("changes the patient's account"):
        former, new = ana.account, fresh()
        purpose = b"medblock/v1/change-account"
        genesis = bytes.fromhex((await wallet.chain.get_block_hash(0)).removeprefix("0x"))
        # As the pallet's `change_account_message` has it, apart from what signing adds.
        message = bytes([len(purpose) << 2]) + purpose + genesis
        message += b"\0" + ana.id.to_bytes(4, "little") + former.public_key + new.public_key
        call = await wallet.call(
            "MedicalRecords.change_account",
            capacity="Patient",
            new=new.ss58_address,
            proof={"Sr25519": sign_bytes(new, message)},
        )
        asked = await wallet.send(former, call)
        event(asked, "AccountChangeRequested", new=new.ss58_address)
        # The presets' delay is six seconds, by the chain's clock.
        await asyncio.sleep(12)
        words = await ana.medblock.words()
        ana.account = new
        ana.medblock = await Medblock(people.folder, "ana-again", new).begin(words)
    with step("refuses the former account, which is nobody's now", SAYS_OF_REFUSALS) as outcome:
        call = await wallet.call("MedicalRecords.withdraw_records", records=[0])
        outcome["shows"] = str(await refusal(wallet.send(former, call)))
    with step("gives the chart a new key from the new account, which opens what there was"):
        call = await prepared(wallet, ana, ["patient", "rotate"], "rotate_chart_key")
        done = await wallet.send(ana.account, call)
        event(done, "ChartKeyRotated", patient=ana.id, epoch=2)
        assert await ana.medblock.opened("record", "open", len(RECORDS)) == NOTE
