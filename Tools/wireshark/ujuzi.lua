-- The protocol of Protos/WIRE.md for Wireshark and tshark: frames, and the messages in them.
--
--   tshark -X lua_script:Tools/wireshark/ujuzi.lua -r FILE -d tcp.port==7601,ujuzi
--
-- With Protos/ among Wireshark's protobuf search paths, messages are shown by their fields; answers
-- too where their CALL was captured. TLS is undone by Wireshark itself, given the session's keys
-- (SSLKEYLOGFILE on the client's side); the dissector then registers for ALPN `ujuzi/1`.

local folder = (debug.getinfo(1, "S").source:match("^@(.*)/[^/]*$") or ".")
local methods = dofile(folder .. "/methods.lua")

local HEADER_BYTES = 16
local PREFACE = "\x89UJZ\r\n\x1a\n"
local TYPES = {
  [1] = "HELLO", [2] = "HELLO_OK", [3] = "HELLO_NO", [4] = "CALL", [5] = "DATA", [6] = "RESULT",
  [7] = "STATUS", [8] = "CANCEL", [9] = "CREDIT", [10] = "PING", [11] = "PONG", [12] = "GOAWAY",
}
-- Types whose payload is one message whatever the call.
local MESSAGES = { [1] = "Hello", [2] = "HelloOk", [3] = "HelloNo", [7] = "Status", [12] = "GoAway" }
local CALL, DATA, RESULT = 4, 5, 6
local END = 0x01

local proto = Proto("ujuzi", "Ujuzi registry RPC")
local f = proto.fields
local method_names = {}
for number, method in pairs(methods) do method_names[number] = method.name end
f.preface = ProtoField.bytes("ujuzi.preface", "Preface")
f.reserved = ProtoField.uint8("ujuzi.reserved", "Reserved byte", base.HEX)
f.length = ProtoField.uint24("ujuzi.length", "Payload length")
f.type = ProtoField.uint8("ujuzi.type", "Type", base.DEC, TYPES)
f.flags = ProtoField.uint8("ujuzi.flags", "Flags", base.HEX)
f.flag_end = ProtoField.bool("ujuzi.flags.end", "END", 8, nil, END)
f.metadata_length = ProtoField.uint16("ujuzi.metadata_length", "Metadata length")
f.call = ProtoField.uint32("ujuzi.call", "Call", base.DEC, nil, 0x7FFFFFFF)
f.argument = ProtoField.uint32("ujuzi.argument", "Argument")
f.metadata = ProtoField.bytes("ujuzi.metadata", "Metadata")
f.method = ProtoField.uint32("ujuzi.method", "Method", base.DEC, method_names)
f.revision = ProtoField.uint32("ujuzi.revision", "Method revision")
f.payload = ProtoField.bytes("ujuzi.payload", "Payload")

local e_preface = ProtoExpert.new(
  "ujuzi.preface.wrong", "This begins neither a preface nor a frame", expert.group.MALFORMED,
  expert.severity.ERROR)
proto.experts = { e_preface }

local stream_field = Field.new("tcp.stream")
-- Which method a call of a connection is of: packets are looked at more than once, so a call whose
-- number is used again keeps the number of the packet from which it is so.
local calls = {}

function proto.init() calls = {} end

local function remember(stream, call, packet, method)
  local key = stream .. "/" .. call
  calls[key] = calls[key] or {}
  calls[key][packet] = method
end

local function method_of(stream, call, packet)
  local best, method = -1, nil
  for from, number in pairs(calls[stream .. "/" .. call] or {}) do
    if from <= packet and from > best then best, method = from, number end
  end
  return methods[method]
end

local function show_message(name, range, packet, tree)
  if range:len() == 0 then return end
  local item = tree:add(f.payload, range)
  local found, dissector = pcall(Dissector.get, "protobuf")
  if not found or not dissector or not name then return end
  packet.private["pb_msg_type"] = "message,ujuzi.v1." .. name
  dissector:call(range:tvb(), packet, item)
end

local function show_frame(range, packet, tree)
  local length, kind, flags = range(1, 3):uint(), range(4, 1):uint(), range(5, 1):uint()
  local metadata, call = range(6, 2):uint(), bit.band(range(8, 4):uint(), 0x7FFFFFFF)
  local name = TYPES[kind] or ("type " .. kind)
  local item = tree:add(proto, range, "Ujuzi " .. name)
  item:add(f.reserved, range(0, 1))
  item:add(f.length, range(1, 3))
  item:add(f.type, range(4, 1))
  item:add(f.flags, range(5, 1)):add(f.flag_end, range(5, 1))
  item:add(f.metadata_length, range(6, 2))
  item:add(f.call, range(8, 4))
  item:add(f.argument, range(12, 4))
  local text = name .. (call > 0 and (" " .. call) or "")
  local at = HEADER_BYTES
  if metadata > 0 and metadata <= length then
    item:add(f.metadata, range(at, metadata))
    at = at + metadata
  end
  local stream = stream_field() and stream_field().value or 0
  local message = MESSAGES[kind]
  if kind == CALL and at + 8 <= range:len() then
    local number = range(at, 4):uint()
    item:add(f.method, range(at, 4))
    item:add(f.revision, range(at + 4, 4))
    at = at + 8
    remember(stream, call, packet.number, number)
    message = methods[number] and methods[number].request
    text = text .. " " .. (method_names[number] or ("method " .. number))
  elseif kind == DATA or kind == RESULT then
    local method = method_of(stream, call, packet.number)
    if method then
      -- DATA from the client is a request of an exchange.
      local from_client = kind == DATA and method.exchange and packet.dst_port < packet.src_port
      message = from_client and method.request or method.reply
    end
  end
  if at < range:len() then show_message(message, range(at), packet, item) end
  item:append_text(text:sub(#name + 1))
  packet.cols.info:append(packet.cols.info and (" " .. text) or text)
end

function proto.dissector(buffer, packet, tree)
  packet.cols.protocol = "ujuzi"
  packet.cols.info = ""
  local at, total = 0, buffer:len()
  while at < total do
    if buffer(at, 1):uint() == 0x89 then
      local there = math.min(#PREFACE, total - at)
      if buffer(at, there):raw() ~= PREFACE:sub(1, there) then
        tree:add_proto_expert_info(e_preface)
        return total
      end
      if there < #PREFACE then
        packet.desegment_offset, packet.desegment_len = at, DESEGMENT_ONE_MORE_SEGMENT
        return total
      end
      tree:add(f.preface, buffer(at, there))
      packet.cols.info:append(" preface")
      at = at + there
    elseif buffer(at, 1):uint() ~= 0 then
      tree:add_proto_expert_info(e_preface)
      return total
    elseif total - at < HEADER_BYTES then
      packet.desegment_offset, packet.desegment_len = at, DESEGMENT_ONE_MORE_SEGMENT
      return total
    else
      local whole = HEADER_BYTES + buffer(at + 1, 3):uint()
      if total - at < whole then
        packet.desegment_offset, packet.desegment_len = at, whole - (total - at)
        return total
      end
      show_frame(buffer(at, whole), packet, tree)
      at = at + whole
    end
  end
  return total
end

DissectorTable.get("tcp.port"):add(7601, proto)
local found, alpn = pcall(DissectorTable.get, "tls.alpn")
if found and alpn then alpn:add("ujuzi/1", proto) end
