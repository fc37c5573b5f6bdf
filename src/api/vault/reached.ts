import { databaseRefusal } from '../database-refusal.js'

/** What a statement answers; a database that fails for a while is told as a refusal. */
export async function reached<Result>(statement: Promise<Result>): Promise<Result> {
  try {
    return await statement
  } catch (error) {
    throw databaseRefusal(error) ?? error
  }
}
