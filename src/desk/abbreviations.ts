function words(list: string): ReadonlySet<string> {
  return new Set(list.trim().split(/\s+/u))
}

/** Before a name, a number or the rest of a phrase: a full stop after these ends no sentence. Without their stop. */
export const leading = words(`
  Mr Mrs Ms Mx Dr Prof Gen Lt Col Sgt Capt Cpl Pvt Maj Brig Cmdr Adm Sen Rep Gov Amb Rev Fr Hon Pres Supt Insp Det
  St Ste Mt Ft vs v cf viz ca c approx e.g i.e eg ie al Messrs Mme Mmes Mlle Mgr Me Hr Hrn Sra Srta Dra D Dª Sig Dott
  z.B d.h bzw ggf u.a v.a sog Ing Dipl Doz
`)

/** The same, but only before a figure: “No. 5”, “Art. 7”, “Nov. 12”. */
export const beforeFigure = words(`
  No Nos Nr Nro Núm p pp S Art Arts Fig Figs Sec Secs Ch Vol Vols Bd Abs par para paras §
  Jan Feb Mar Apr Jun Jul Aug Sep Sept Oct Nov Dec Res Doc Pt Rd Tel ext
`)

/** Stand at the end of a name; what follows begins a sentence only when it is a word that begins one. */
export const trailing = words(`
  Inc Ltd Co Corp Bros Jr Sr Esq LLC Plc Cie GmbH Mon Tue Tues Wed Thu Thur Thurs Fri Sat Sun
  Jan Feb Mar Apr Jun Jul Aug Sep Sept Oct Nov Dec Dept Univ Assn Ave Blvd est Ph.D M.D B.A M.A Ph PhD
`)

/** After an hour these go on where no capital follows that could begin a sentence. */
export const afterHour = words('a.m p.m A.M P.M am pm')

/** After “5 p.m.”, these belong to the time. */
export const timeWords = words(`
  Monday Tuesday Wednesday Thursday Friday Saturday Sunday GMT UTC BST EST EDT CET CEST PST PDT PKT AFT Eastern
  January February March April May June July August September October November December
`)

/** Months after a German day, which has a full stop: “am 7. November”. */
export const germanMonths = words(`
  Januar Jänner Februar März April Mai Juni Juli August September Oktober November Dezember Jahrhundert
`)

/** Words that, with a capital, begin a sentence far more often than they are a name. */
export const openers = words(`
  The A An This That These Those There Here He She It They We You I His Her Its Their Our My In On At By For From With
  Without After Before During Since Until While When Where Who What Why How Which If As Although Though Because But And
  Or Nor So Yet However Meanwhile Instead Still Then Now Nobody Nothing None No Not Nor Neither Both Each Every Some Many
  Most Few All Any Another Other One Two Three Several Asked According Under Over Between Among Against Earlier Later
  Only Even Also Once Perhaps Today Last Next That’s It’s
  Der Die Das Ein Eine Er Sie Es Wir Am Im Le La Les Un Une Il Elle El Los Las Una
`)

/** Verbs that tie a question or an exclamation to its speaker: “Why?” Mr Hale asked. */
export const saying =
  /^(?:[\p{L}’'.-]+\s+){0,4}?(?:said|says|asked|asks|told|replied|replies|added|adds|wrote|writes|shouted|answered|continued|wondered|called|demanded|insisted|tweeted|posted|recalled)\b/u
