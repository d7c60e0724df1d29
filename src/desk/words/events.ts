import { oneOf } from './pattern.ts'

/** Nouns that, with capitals, end the name of an event: “the Corran Offensive”. */
export const eventNouns = oneOf(`
  Accords?, Agreement, Treaty, Pact, Protocol, Convention, Summit, Conference, Inquiry, Offensive, Earthquake, Storm, Revolution
  War, Massacre, Games, Cup, Primary, Elections?, Referendum, Olympics, Uprising, Rebellion, Coup, Festival, Trial, Talks
  Ceasefire, Truce, Famine, Flood, Fire, Strike, Riots?, Siege
`)

/** Words that open the name of an event: “the Battle of Corran”, “Hurricane Odile”. */
export const eventOpenings = oneOf(`
  Battle of, Siege of, Treaty of, Peace of, Siege of, Fall of, Hurricane, Typhoon, Cyclone, Storm, Operation
`)

/** Verbs of a toll. */
export const tolls = oneOf(
  'killed, drowned, wounded, injured, shot dead, died, perished, massacred, executed',
)
