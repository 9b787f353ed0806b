"""Shows the vectors' frames to tshark, as a capture, and holds what it says against the vectors."""

import json
import os
import struct
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
TYPES = ("HELLO HELLO_OK HELLO_NO CALL DATA RESULT STATUS CANCEL CREDIT PING PONG GOAWAY").split()
CLIENT = {"HELLO", "CALL", "CANCEL"}
PREFACE = bytes.fromhex("89554a5a0d0a1a0a")
PORT = 7601
SEGMENT_BYTES = 7


def packet(port_from, port_to, sequence, payload):
    """Ethernet, IPv4 and TCP around a payload; checksums are left 0, which tshark does not mind."""
    tcp = struct.pack("!HHIIBBHHH", port_from, port_to, sequence, 1, 5 << 4, 0x18, 65535, 0, 0)
    ip = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 40 + len(payload), 0, 0, 64, 6, 0,
                     bytes([127, 0, 0, 1]), bytes([127, 0, 0, 1]))
    return bytes(12) + b"\x08\x00" + ip + tcp + payload


def capture(path, streams):
    """Writes a pcap: of each stream (client's port, whether the client sends, bytes) its segments."""
    with open(path, "wb") as file:
        file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, 1))
        for port, is_client, data in streams:
            for at in range(0, len(data), SEGMENT_BYTES):
                ends = (port, PORT) if is_client else (PORT, port)
                raw = packet(*ends, 1 + at, data[at:at + SEGMENT_BYTES])
                file.write(struct.pack("<IIII", 0, at, len(raw), len(raw)) + raw)


def tshark(path):
    out = subprocess.run(
        ["tshark", "-X", f"lua_script:{ROOT}/Tools/wireshark/ujuzi.lua", "-o",
         f'uat:protobuf_search_paths:"{ROOT}/Protos","TRUE"', "-r", path, "-T", "json",
         "--no-duplicate-keys"],
        check=True, capture_output=True, text=True, env={**os.environ, "HOME": tempfile.gettempdir()})
    if "Lua" in out.stderr:
        sys.exit(out.stderr)
    return json.loads(out.stdout)


def as_list(value):
    return value if isinstance(value, list) else [value]


def main():
    with open(f"{ROOT}/Protos/vectors/frames.json") as file:
        vectors = json.load(file)
    streams, wanted = [], []
    for at, vector in enumerate(vectors):
        # Whoever sends the first frame; a vector may hold frames of both.
        is_client = vector["frames"][0]["type"] in CLIENT if vector["frames"] else True
        streams.append((20_000 + at, is_client, bytes.fromhex(vector["bytes"])))
        wanted.append(vector)
    streams.append((40_000, True, PREFACE + bytes.fromhex(vectors[0]["bytes"])))
    wrong = bytes.fromhex("474554202f20485454502f312e310d0a0d0a")
    streams.append((50_000, True, wrong))

    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "vectors.pcap")
        capture(path, streams)
        shown = {}
        for each in tshark(path):
            layers = each["_source"]["layers"]
            tcp = layers["tcp"]
            port = min(int(tcp["tcp.srcport"]), int(tcp["tcp.dstport"]), key=lambda p: p == PORT)
            entry = shown.setdefault(port, {"frames": [], "text": ""})
            entry["text"] += json.dumps(layers)
            for frame in as_list(layers.get("ujuzi", [])):
                if isinstance(frame, dict) and "ujuzi.type" in frame:
                    entry["frames"].append(frame)
    for at, vector in enumerate(wanted):
        frames = shown.get(20_000 + at, {"frames": []})["frames"]
        got = [(TYPES[int(f["ujuzi.type"]) - 1], int(f["ujuzi.flags"], 16), int(f["ujuzi.call"]),
                int(f["ujuzi.argument"])) for f in frames]
        want = [(f["type"], f["flags"], f["call"], f["argument"]) for f in vector["frames"]]
        if got != want:
            failed += 1
            print(f"{vector['name']}: shown as {got}, not {want}")
    if '"ujuzi.preface"' not in shown[40_000]["text"] or len(shown[40_000]["frames"]) != 1:
        failed += 1
        print("a preface and HELLO: not shown as such")
    if "peer1" not in shown[40_000]["text"]:
        failed += 1
        print("HELLO: its message is not shown by its fields")
    if "ujuzi.preface.wrong" not in shown[50_000]["text"]:
        failed += 1
        print("an HTTP request: not said to be malformed")
    print(f"wireshark: {len(wanted) + 3} captures, {failed} not shown as they are")
    sys.exit(1 if failed else 0)


main()
