// The Node SDK with Promise.all: by default it keeps fifty connections alive.
import { ApiGatewayManagementApiClient, PostToConnectionCommand } from "@aws-sdk/client-apigatewaymanagementapi";

const BODY = `{"type":"message","room":"lobby","epoch":"0f3a","seq":17,"id":"m-17","from":"ada","text":"${"x".repeat(100)}"}`;
const workload = JSON.parse(process.argv[2]);
const ids = Array.from({ length: workload.posts }, (_, number) => `L0SM9${String(number).padStart(6, "0")}oAMC=`);

const makeClient = () => new ApiGatewayManagementApiClient({ endpoint: workload.url });
const post = (client) =>
  Promise.all(ids.map((id) => client.send(new PostToConnectionCommand({ ConnectionId: id, Data: BODY }))));

let client = makeClient();
await post(client);
if (workload.is_cold) {
  client.destroy();
  client = makeClient();
}
const startedNs = process.hrtime.bigint();
const cpu = process.cpuUsage();
await post(client);
const used = process.cpuUsage(cpu);
const wall_s = Number(process.hrtime.bigint() - startedNs) / 1e9;
console.log(JSON.stringify({ wall_s, cpu_s: (used.user + used.system) / 1e6 }));
client.destroy();
