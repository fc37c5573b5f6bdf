import { GossipService } from '@eventstore/db-client/generated/gossip_grpc_pb.js'
import gossip from '@eventstore/db-client/generated/gossip_pb.js'
import { ServerFeaturesService } from '@eventstore/db-client/generated/serverfeatures_grpc_pb.js'
import features from '@eventstore/db-client/generated/serverfeatures_pb.js'
import shared from '@eventstore/db-client/generated/shared_pb.js'
import { StreamsService } from '@eventstore/db-client/generated/streams_grpc_pb.js'
import { Server, ServerCredentials, type UntypedHandleCall } from '@grpc/grpc-js'
import { handleBatchAppend, handleDelete } from './appends.js'
import { FailurePlan } from './failure-plan.js'
import { handleRead } from './reads.js'
import { RecordedLog } from './recorded-log.js'

export interface FakeEventStoreDb {
  readonly port: number
  readonly connectionString: string
  readonly log: RecordedLog
  readonly plan: FailurePlan
  /** Every connection is cut at once; the server goes on to listen. */
  cut(): void
  stop(): Promise<void>
}

export interface FakeOptions {
  /** Of another fake, which is then a node of the same cluster. */
  readonly log?: RecordedLog
  /** Of another fake, whose failures to come this one goes on with. */
  readonly plan?: FailurePlan
  readonly port?: number
  /** Where the nodes' gossip says that the leader is; this server when not given. */
  readonly leaderPort?: () => number
}

/** A server that speaks the wire protocol of EventStoreDB to the real client. */
export async function startFakeEventStoreDb(options: FakeOptions = {}): Promise<FakeEventStoreDb> {
  const log = options.log ?? new RecordedLog()
  const plan = options.plan ?? new FailurePlan()
  const server = new Server()
  let port = options.port ?? 0
  const cut = () => server.drain(`127.0.0.1:${port}`, 0)
  const handling = { log, plan, cut }
  add(server, StreamsService, {
    read: (call: Parameters<typeof handleRead>[1]) => handleRead(handling, call),
    delete: (
      call: Parameters<typeof handleDelete>[1],
      answer: Parameters<typeof handleDelete>[2],
    ) => handleDelete(log, call, answer),
    batchAppend: (call: Parameters<typeof handleBatchAppend>[1]) =>
      handleBatchAppend(handling, call),
  })
  add(server, ServerFeaturesService, {
    getSupportedMethods: (_: unknown, answer: (error: null, methods: unknown) => void) =>
      answer(null, supportedMethods()),
  })
  add(server, GossipService, {
    read: (_: unknown, answer: (error: null, cluster: unknown) => void) =>
      answer(null, clusterLedBy(options.leaderPort?.() ?? port)),
  })
  port = await new Promise<number>((resolve, reject) =>
    server.bindAsync(`127.0.0.1:${port}`, ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    ),
  )
  return {
    port,
    connectionString: `esdb://127.0.0.1:${port}?tls=false`,
    log,
    plan,
    cut,
    async stop() {
      server.forceShutdown()
    },
  }
}

/** The stubs' service types want every method; what a ledger never calls is unimplemented. */
function add(
  server: Server,
  service: Parameters<Server['addService']>[0],
  handlers: Readonly<Record<string, unknown>>,
): void {
  server.addService(service, handlers as Record<string, UntypedHandleCall>)
}

function supportedMethods(): features.SupportedMethods {
  const methods = new features.SupportedMethods().setEventStoreServerVersion('23.10.8')
  for (const name of ['read', 'batchappend'])
    methods.addMethods(
      new features.SupportedMethod()
        .setMethodName(name)
        .setServiceName('event_store.client.streams.streams'),
    )
  return methods
}

function clusterLedBy(port: number): gossip.ClusterInfo {
  const leader = new gossip.MemberInfo()
    .setInstanceId(new shared.UUID().setString('7f9c24e8-3b12-4fef-91d0-56c7e2a0b1d4'))
    .setIsAlive(true)
    .setState(gossip.MemberInfo.VNodeState.LEADER)
    .setHttpEndPoint(new gossip.EndPoint().setAddress('127.0.0.1').setPort(port))
  return new gossip.ClusterInfo().setMembersList([leader])
}
