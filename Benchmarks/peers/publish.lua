-- Uploads for wrk: generic files of their own, each a new version of one of a thousand packages.
--   wrk … -s publish.lua ADDRESS -- PATH ROUND BYTES AUTHORIZATION

local path, round, noise, headers
local count = 0

function init(arguments)
  path, round = arguments[1], arguments[2]
  headers = { Authorization = arguments[4], ["Content-Type"] = "application/octet-stream" }
  math.randomseed(tonumber(round))
  local bytes = {}
  for index = 1, tonumber(arguments[3]) - 24 do bytes[index] = string.char(math.random(0, 255)) end
  noise = table.concat(bytes)
end

function request()
  count = count + 1
  local target = string.format("%s/p%d/%s.%d/file.bin", path, count % 1000, round, count)
  return wrk.format("PUT", target, headers, string.format("%012d%012d", round, count) .. noise)
end
