export interface Emoji {
  readonly character: string;
  /** What it is called; the first word is its name. */
  readonly words: string;
}

export interface EmojiCategory {
  readonly name: string;
  readonly emoji: readonly Emoji[];
}

/** A selection, each with words to find it by: most of what people send, in a size that needs no loading. */
const SOURCE: Readonly<Record<string, string>> = {
  Smileys: `😀 grin happy|😃 smile happy|😄 laugh happy|😁 beam grin|😆 laugh squint|😅 sweat relief|🤣 rolling laugh rofl|😂 joy tears laugh|
🙂 slight smile|🙃 upside down|😉 wink|😊 blush smile|😇 angel halo|🥰 love hearts|😍 heart eyes love|🤩 star struck wow|😘 kiss love|
😋 yummy tasty|😜 crazy wink tongue|🤪 zany silly|🤗 hug|🤭 giggle oops|🤫 quiet secret|🤔 thinking hmm|🤨 doubt eyebrow|😐 neutral|
😏 smirk|🙄 roll eyes|😬 grimace awkward|😌 relieved calm|😴 sleep tired|🤤 drool|😷 mask ill|🤒 fever ill|🤯 mind blown|🥳 party celebrate|
😎 cool sunglasses|🤓 nerd glasses|🧐 monocle inspect|😕 confused|😟 worried|😮 wow surprised|😲 astonished|🥺 plead please|😢 cry sad|
😭 sob cry|😱 scream fear|😤 huff proud|😡 angry mad|🤬 swear angry|😈 devil mischief|💀 skull dead|🤡 clown|👻 ghost|🤖 robot bot`,
  People: `👍 thumbs up yes like|👎 thumbs down no dislike|👏 clap applause|🙌 hands up hooray|👐 open hands|🤝 handshake deal|🙏 pray thanks please|
👋 wave hello bye|✋ hand stop|👌 ok perfect|🤌 pinched|✌️ peace victory|🤞 luck fingers crossed|🤟 love you sign|🤘 rock|👈 left point|👉 right point|
👆 up point|👇 down point|☝️ one up|💪 strong muscle|✍️ write|👀 eyes look|🧠 brain|🫶 heart hands love|🫡 salute|🤷 shrug dunno|🤦 facepalm|
🙋 raise hand|💁 tip info|🙇 bow sorry|🧑‍💻 technologist coder|🧑‍🚀 astronaut|🦸 hero|🧙 wizard|👶 baby|🏃 run|🚶 walk|💃 dance|🧘 calm yoga`,
  Nature: `🐶 dog|🐱 cat|🐭 mouse|🐹 hamster|🐰 rabbit|🦊 fox|🐻 bear|🐼 panda|🐨 koala|🐯 tiger|🦁 lion|🐮 cow|🐷 pig|🐸 frog|🐵 monkey|🙈 see no evil|
🐔 chicken|🐧 penguin|🐦 bird|🦉 owl|🦄 unicorn|🐝 bee|🐛 bug caterpillar|🦋 butterfly|🐌 snail slow|🐢 turtle slow|🐍 snake python|🐙 octopus|
🐳 whale|🐬 dolphin|🐟 fish|🌱 seedling grow|🌲 tree|🌵 cactus|🌸 blossom flower|🌻 sunflower|🌹 rose|🍀 clover luck|🍁 leaf autumn|🌍 earth world|
🌙 moon night|⭐ star|🌟 glow star|✨ sparkles|⚡ lightning fast|🔥 fire hot|🌈 rainbow|☀️ sun|⛅ cloud|🌧️ rain|❄️ snow cold|🌊 wave sea`,
  Food: `🍎 apple|🍐 pear|🍊 orange|🍋 lemon|🍌 banana|🍉 melon|🍇 grapes|🍓 strawberry|🍒 cherries|🍑 peach|🥭 mango|🍍 pineapple|🥥 coconut|🥝 kiwi|
🍅 tomato|🥑 avocado|🌶️ chili hot|🌽 corn|🥕 carrot|🍞 bread|🥐 croissant|🧀 cheese|🥚 egg|🥞 pancakes|🍔 burger|🍟 fries|🍕 pizza|🌮 taco|🥗 salad|
🍝 pasta|🍜 noodles|🍣 sushi|🍪 cookie|🎂 cake birthday|🍰 cake slice|🍫 chocolate|🍿 popcorn|🍩 donut|🍦 ice cream|☕ coffee|🍵 tea|🍺 beer|🍻 cheers beer|
🥂 cheers toast|🍷 wine|🍹 cocktail|🧃 juice`,
  Activities: `⚽ soccer football|🏀 basketball|🎾 tennis|🏐 volleyball|🏓 ping pong|🏆 trophy win|🥇 gold first|🎯 target bullseye|🎮 game|🎲 dice|🧩 puzzle|
♟️ chess|🎨 art paint|🎬 film|🎤 sing microphone|🎧 headphones music|🎸 guitar|🎹 piano|🎉 party tada celebrate|🎊 confetti|🎈 balloon|🎁 gift present|
🎄 christmas tree|🎃 pumpkin halloween|🚴 bike cycle|🏊 swim|🏄 surf|⛷️ ski|🧗 climb`,
  Places: `🚗 car|🚕 taxi|🚌 bus|🚂 train|🚀 rocket launch ship|✈️ plane travel|🚁 helicopter|⛵ boat sail|🚢 ship|🚲 bicycle|🛴 scooter|🏠 house home|🏢 office|
🏥 hospital|🏫 school|🏰 castle|🗼 tower|🗽 liberty|⛺ camp tent|🏖️ beach|🏔️ mountain|🌋 volcano|🗺️ map|🧭 compass|🚦 traffic light|🚧 construction`,
  Objects: `💡 idea light bulb|💻 laptop computer|⌨️ keyboard|🖥️ desktop|📱 phone mobile|🔋 battery|🔌 plug|📷 camera|📺 television|⏰ alarm clock|⏳ hourglass wait|
📅 calendar date|📌 pin|📎 paperclip|✂️ scissors|📏 ruler|📚 books|📖 book read|📝 memo note|✏️ pencil|📧 mail|📦 package|📈 chart up|📉 chart down|🔍 search|
🔒 lock|🔓 unlock|🔑 key|🔨 hammer|🔧 wrench fix|⚙️ gear settings|🧪 test tube|🧰 toolbox|🧹 broom clean|🗑️ bin trash|💰 money|💳 card|💎 gem|🔔 bell|
📣 megaphone announce|👑 crown|🎓 graduate|👓 glasses|☂️ umbrella`,
  Symbols: `❤️ heart love red|🧡 orange heart|💛 yellow heart|💚 green heart|💙 blue heart|💜 purple heart|🖤 black heart|🤍 white heart|💔 broken heart|💕 hearts|
💯 hundred perfect|✅ check done yes|☑️ checkbox|❌ cross no|❓ question|❗ exclamation|⚠️ warning|🚫 forbidden|⛔ no entry|♻️ recycle|➕ plus add|➖ minus|
✔️ tick|🆗 ok|🆕 new|🆒 cool|🔴 red circle|🟠 orange circle|🟡 yellow circle|🟢 green circle|🔵 blue circle|🟣 purple circle|⬆️ up arrow|⬇️ down arrow|
➡️ right arrow|⬅️ left arrow|🔄 refresh again|♾️ infinity|💤 sleep zzz|💬 speech chat|💭 thought|🏁 finish flag|🚩 red flag|🏳️‍🌈 rainbow pride flag`,
};

export const EMOJI: readonly EmojiCategory[] = Object.entries(SOURCE).map(([name, source]) => ({
  name,
  emoji: source.split("|").map((entry) => {
    const [character = "", ...words] = entry.trim().split(" ");
    return { character, words: words.join(" ") };
  }),
}));

/** Those of which a word begins with each word that was typed. */
export function findEmoji(typed: string): readonly Emoji[] {
  const wanted = typed.trim().toLowerCase().split(/\s+/);
  const isFound = ({ words }: Emoji) =>
    wanted.every((start) => words.split(" ").some((word) => word.startsWith(start)));
  return EMOJI.flatMap(({ emoji }) => emoji.filter(isFound));
}
